#include "vcs/tree_writer.h"

#include "core/failure.h"
#include "core/log.h"
#include "vcs/folder_stack.h"
#include "vcs/link_target.h"
#include "vcs/tree_guard.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>

namespace slipway::vcs {
namespace {

constexpr std::size_t kMaxLinkBytes = 4'095;

[[noreturn]] void fail(std::string_view what, std::string_view path) {
  throw Failure(fmt::format("{} {}: {}", what, path, std::strerror(errno)), Retry::Later);
}

class TreeWriter {
 public:
  TreeWriter(git_repository* repository, const std::string& directory, const std::stop_token& stop)
      : directory_(directory),
        stop_(stop),
        odb_(made<GitOdb>("opening the objects", git_repository_odb, repository)) {}

  Written bring(const git_diff* diff) {
    const std::size_t count = git_diff_num_deltas(diff);
    remove_old(diff, count);
    write_new(diff, count);
    return written_;
  }

 private:
  /// First: what stands in the way of new files goes, and a link that becomes a folder is never written
  /// through.
  void remove_old(const git_diff* diff, std::size_t count) {
    FolderStack folders(directory_, FolderStack::Mode::Removing);
    for (std::size_t i = 0; i < count; ++i) {
      const git_diff_delta* delta = git_diff_get_delta(diff, i);
      if (delta->status == GIT_DELTA_ADDED) continue;
      stop_if_asked();
      const int folder = folders.folder_of(delta->old_file.path);
      if (folder < 0) continue;
      const std::string name = FolderStack::name_of(delta->old_file.path);
      const int flags = delta->old_file.mode == GIT_FILEMODE_COMMIT ? AT_REMOVEDIR : 0;
      if (::unlinkat(folder, name.c_str(), flags) != 0 && errno != ENOENT)
        fail("removing", delta->old_file.path);
      ++written_.removed;
    }
  }

  void write_new(const git_diff* diff, std::size_t count) {
    FolderStack folders(directory_, FolderStack::Mode::Writing);
    for (std::size_t i = 0; i < count; ++i) {
      const git_diff_delta* delta = git_diff_get_delta(diff, i);
      if (delta->status == GIT_DELTA_DELETED) continue;
      stop_if_asked();
      write(folders.folder_of(delta->new_file.path), delta->new_file);
      ++written_.files;
    }
  }

  void write(int folder, const git_diff_file& file) {
    const std::string name = FolderStack::name_of(file.path);
    if (file.mode == GIT_FILEMODE_COMMIT) {
      if (::mkdirat(folder, name.c_str(), 0777) != 0 && errno != EEXIST) fail("making the folder", file.path);
      return;
    }
    const GitOwned<git_odb_object, git_odb_object_free> blob = read(file);
    const std::string_view bytes(static_cast<const char*>(git_odb_object_data(blob.get())),
                                 git_odb_object_size(blob.get()));
    if (file.mode == GIT_FILEMODE_LINK) {
      write_link(folder, name, file.path, bytes);
    } else {
      write_file(folder, name, file, bytes);
    }
  }

  GitOwned<git_odb_object, git_odb_object_free> read(const git_diff_file& file) {
    std::size_t size = 0;
    git_object_t type = GIT_OBJECT_INVALID;
    must(git_odb_read_header(&size, &type, odb_.get(), &file.id), "reading a file");
    if (size > kMaxFileBytes)
      throw Failure(fmt::format("{} has {} bytes; files of more than {} MiB are refused", file.path, size,
                                kMaxFileBytes >> 20));
    bytes_ += size;
    if (bytes_ > kMaxCheckoutBytes)
      throw Failure(fmt::format("the tree has more than {} GiB", kMaxCheckoutBytes >> 30));
    return made<GitOwned<git_odb_object, git_odb_object_free>>("reading a file", git_odb_read, odb_.get(),
                                                               &file.id);
  }

  void write_link(int folder, const std::string& name, std::string_view path, std::string_view target) {
    std::string to(target);
    if (target.size() > kMaxLinkBytes || !stays_inside(path, target)) {
      log::warning("a link leaves its repository: it is written as a loop", {{"path", std::string(path)}});
      to = name;
    }
    if (::symlinkat(to.c_str(), folder, name.c_str()) != 0) fail("linking", path);
  }

  static void write_file(int folder, const std::string& name, const git_diff_file& file,
                         std::string_view bytes) {
    const mode_t mode = file.mode == GIT_FILEMODE_BLOB_EXECUTABLE ? 0777 : 0666;
    const int fd = ::openat(folder, name.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode);
    if (fd < 0) fail("making", file.path);
    while (!bytes.empty()) {
      const ssize_t count = ::write(fd, bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) break;
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    const int error = bytes.empty() ? 0 : errno;
    if (::close(fd) != 0 || error != 0) {
      if (error != 0) errno = error;
      fail("writing", file.path);
    }
  }

  void stop_if_asked() const {
    if (stop_.stop_requested()) throw Stopped();
  }

  const std::string& directory_;
  const std::stop_token& stop_;
  GitOdb odb_;
  Written written_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Written bring_tree(git_repository* repository, const std::string& directory, const TreeStep& step,
                   const std::stop_token& stop) {
  TreeGuard guard(repository);
  const GitTree from = step.from.empty() ? GitTree() : guard.open(step.from);
  const GitTree to = guard.open(step.to);
  git_diff_options options = GIT_DIFF_OPTIONS_INIT;
  options.flags = GIT_DIFF_INCLUDE_TYPECHANGE | GIT_DIFF_SKIP_BINARY_CHECK;
  const auto diff =
      made<GitDiff>("comparing trees", git_diff_tree_to_tree, repository, from.get(), to.get(), &options);
  return TreeWriter(repository, directory, stop).bring(diff.get());
}

}  // namespace slipway::vcs
