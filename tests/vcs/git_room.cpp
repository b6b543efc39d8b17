#include "tests/vcs/git_room.h"

#include "vcs/git.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace slipway::vcs {

namespace fs = std::filesystem;

TempFolder::TempFolder() {
  std::string path = (fs::temp_directory_path() / "slipway-test-XXXXXX").string();
  if (::mkdtemp(path.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = path;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

GitRoom::GitRoom(std::string path) : path_(std::move(path)) {
  use_git();
  made<GitRepository>("making a repository", git_repository_init, path_.c_str(), 1u);
}

Sha GitRoom::write(std::string_view bytes, int type) const {
  const GitRepository repository = open_repository(path_);
  const auto odb = made<GitOdb>("opening", git_repository_odb, repository.get());
  git_oid oid;
  must(git_odb_write(&oid, odb.get(), bytes.data(), bytes.size(), static_cast<git_object_t>(type)),
       "writing");
  return sha_of(oid);
}

Sha GitRoom::blob(std::string_view bytes) const { return write(bytes, GIT_OBJECT_BLOB); }

Sha GitRoom::raw_tree(const std::vector<Entry>& entries) const {
  std::string bytes;
  for (const Entry& entry : entries) {
    const git_oid oid = oid_of(entry.id);
    bytes += fmt::format("{:o} {}", entry.mode, entry.name);
    bytes += '\0';
    bytes.append(reinterpret_cast<const char*>(oid.id), GIT_OID_RAWSZ);
  }
  return write(bytes, GIT_OBJECT_TREE);
}

Sha GitRoom::tree(const NewFiles& files) const {
  std::vector<Entry> entries;
  std::map<std::string, NewFiles> folders;
  for (const auto& [path, file] : files) {
    if (const auto slash = path.find('/'); slash != std::string::npos) {
      folders[path.substr(0, slash)].emplace(path.substr(slash + 1), file);
    } else {
      entries.push_back({file.mode, path, file.mode == kSubmodule ? file.content : blob(file.content)});
    }
  }
  for (const auto& [name, below] : folders) entries.push_back({kFolder, name, tree(below)});
  const auto key = [](const Entry& entry) { return entry.mode == kFolder ? entry.name + "/" : entry.name; };
  std::sort(entries.begin(), entries.end(), [&](const Entry& a, const Entry& b) { return key(a) < key(b); });
  return raw_tree(entries);
}

Sha GitRoom::commit_tree(const Sha& tree, const std::vector<Sha>& parents) const {
  std::string bytes = fmt::format("tree {}\n", tree);
  for (const Sha& parent : parents) bytes += fmt::format("parent {}\n", parent);
  bytes +=
      "author alice <alice@acme.example> 1795305600 +0000\ncommitter alice <alice@acme.example> 1795305600 "
      "+0000\n";
  return write(bytes + "\nA change\n", GIT_OBJECT_COMMIT);
}

void GitRoom::set(const std::string& ref, const Sha& commit) const {
  const GitRepository repository = open_repository(path_);
  const git_oid oid = oid_of(commit);
  made<GitReference>("writing a ref", git_reference_create, repository.get(), ref.c_str(), &oid, 1, nullptr);
}

void GitRoom::drop(const std::string& ref) const {
  must(git_reference_remove(open_repository(path_).get(), ref.c_str()), "dropping a ref");
}

std::vector<std::string> listing(const std::string& folder) {
  std::vector<std::string> out;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string path = entry.path().lexically_relative(folder).string();
    if (entry.is_symlink()) {
      out.push_back(path + " -> " + fs::read_symlink(entry.path()).string());
    } else if (entry.is_directory()) {
      if (fs::is_empty(entry.path())) out.push_back(path + "/");
    } else {
      std::ifstream in(entry.path(), std::ios::binary);
      const std::string content{std::istreambuf_iterator<char>(in), {}};
      const bool program = (entry.status().permissions() & fs::perms::owner_exec) != fs::perms::none;
      out.push_back(path + (program ? "* " : ": ") + content);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace slipway::vcs
