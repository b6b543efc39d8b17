#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace slipway::vcs {

/// Walks the folders of a checkout by descriptors, following no link on the way: a path of a tree can't lead
/// out of the directory that it is written to. Paths best come sorted, so that each folder is opened once.
/// Throws Failure (Later).
class FolderStack {
 public:
  /// What becomes of a folder when the walk leaves it: `Removing` drops it if it is empty.
  enum class Mode { Writing, Removing };

  FolderStack(const std::string& root, Mode mode);
  ~FolderStack();
  FolderStack(const FolderStack&) = delete;
  FolderStack& operator=(const FolderStack&) = delete;

  /// Descriptor of the folder that holds `path`'s last name. Writing makes the folders that lack; Removing
  /// gives -1 then.
  int folder_of(std::string_view path);
  /// Leaves every folder but the root.
  void leave() { leave_to(0); }

  static std::string name_of(std::string_view path);

 private:
  struct Folder {
    std::string name;
    int fd;
  };
  void leave_to(std::size_t depth);
  int enter(const std::string& name);
  int top() const { return open_.empty() ? root_ : open_.back().fd; }

  Mode mode_;
  int root_;
  std::vector<Folder> open_;
};

}  // namespace slipway::vcs
