#include "vcs/folder_stack.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace slipway::vcs {
namespace {

constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

[[noreturn]] void fail(std::string_view what, std::string_view name) {
  throw Failure(fmt::format("{} {}: {}", what, name, std::strerror(errno)), Retry::Later);
}

}  // namespace

FolderStack::FolderStack(const std::string& root, Mode mode)
    : mode_(mode), root_(::open(root.c_str(), kFolder)) {
  if (root_ < 0) fail("opening", root);
}

FolderStack::~FolderStack() {
  leave_to(0);
  ::close(root_);
}

int FolderStack::folder_of(std::string_view path) {
  std::size_t depth = 0;
  for (auto slash = path.find('/'); slash != std::string_view::npos; slash = path.find('/')) {
    const std::string name(path.substr(0, slash));
    path.remove_prefix(slash + 1);
    if (depth < open_.size() && open_[depth].name != name) leave_to(depth);
    if (depth == open_.size()) {
      const int fd = enter(name);
      if (fd < 0) return -1;
      open_.push_back({name, fd});
    }
    ++depth;
  }
  leave_to(depth);
  return top();
}

int FolderStack::enter(const std::string& name) {
  if (mode_ == Mode::Writing && ::mkdirat(top(), name.c_str(), 0777) != 0 && errno != EEXIST)
    fail("making the folder", name);
  const int fd = ::openat(top(), name.c_str(), kFolder);
  if (fd < 0 && !(mode_ == Mode::Removing && errno == ENOENT)) fail("opening the folder", name);
  return fd;
}

void FolderStack::leave_to(std::size_t depth) {
  while (open_.size() > depth) {
    const Folder folder = std::move(open_.back());
    open_.pop_back();
    ::close(folder.fd);
    if (mode_ == Mode::Removing)
      ::unlinkat(top(), folder.name.c_str(), AT_REMOVEDIR);  // fails while it holds something
  }
}

std::string FolderStack::name_of(std::string_view path) {
  const auto slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

}  // namespace slipway::vcs
