#pragma once

#include "core/ids.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::vcs {

/// A folder of its own below the system's temporary one, removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
  const std::string& path() const { return path_; }
  std::string operator/(std::string_view name) const { return path_ + "/" + std::string(name); }

 private:
  std::string path_;
};

inline constexpr std::uint32_t kPlainFile = 0100644;
inline constexpr std::uint32_t kProgram = 0100755;
inline constexpr std::uint32_t kLink = 0120000;
inline constexpr std::uint32_t kSubmodule = 0160000;
inline constexpr std::uint32_t kFolder = 040000;

/// A file of a tree to be made: its content, or the target of a link, or the commit of a submodule.
struct NewFile {
  NewFile(std::string_view bytes, std::uint32_t as = kPlainFile) : content(bytes), mode(as) {}
  NewFile(const char* bytes) : content(bytes) {}
  NewFile(const std::string& bytes) : content(bytes) {}
  std::string content;
  std::uint32_t mode = kPlainFile;
};
using NewFiles = std::map<std::string, NewFile>;  // by path

/// A bare repository that tests write: the forge's side. Trees are written byte by byte, so that they can be
/// hostile.
class GitRoom {
 public:
  explicit GitRoom(std::string path);
  const std::string& path() const { return path_; }

  struct Entry {
    std::uint32_t mode;
    std::string name;
    Sha id;
  };
  Sha blob(std::string_view bytes) const;
  Sha raw_tree(const std::vector<Entry>& entries) const;
  Sha tree(const NewFiles& files) const;
  Sha commit_tree(const Sha& tree, const std::vector<Sha>& parents = {}) const;
  Sha commit(const NewFiles& files, const std::vector<Sha>& parents = {}) const {
    return commit_tree(tree(files), parents);
  }
  void set(const std::string& ref, const Sha& commit) const;
  void drop(const std::string& ref) const;

 private:
  Sha write(std::string_view bytes, int type) const;
  std::string path_;
};

/// Everything below a folder: "dir/file: content", "dir/link -> target", "dir/program* content", "empty/".
std::vector<std::string> listing(const std::string& folder);

}  // namespace slipway::vcs
