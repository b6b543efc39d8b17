#include "runner/files.h"

#include "core/crypto.h"
#include "core/failure.h"
#include "runner/fd.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(std::string_view doing, const std::string& path) {
  throw_errno(fmt::format("{} {}", doing, path));
}

}  // namespace

void make_directories(const std::string& path) {
  const fs::path parent = fs::path(path).parent_path();
  if (!parent.empty() && !exists(parent)) make_directories(parent);
  if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) fail("making the directory", path);
}

std::string make_temporary_directory(const std::string& prefix) {
  std::string path = prefix + "XXXXXX";
  if (::mkdtemp(path.data()) == nullptr) fail("making a directory like", path);
  return path;
}

void replace_file(const std::string& path, std::string_view bytes, bool durable) {
  std::string beside = path + ".XXXXXX";
  const Fd file(::mkostemp(beside.data(), O_CLOEXEC));
  if (!file) fail("making a file like", beside);
  try {
    write_all(file.get(), bytes);
    if (::fchmod(file.get(), 0644) != 0) fail("setting the mode of", beside);
    if (durable && ::fsync(file.get()) != 0) fail("writing to disk", beside);
    if (::rename(beside.c_str(), path.c_str()) != 0) fail("replacing", path);
  } catch (...) {
    ::unlink(beside.c_str());
    throw;
  }
  if (durable) make_durable(fs::path(path).parent_path());
}

std::string read_file(const std::string& path, std::size_t max) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail("reading", path);
  return while_doing("reading " + path, [&] { return read_all(file.get(), max); });
}

std::optional<std::string> read_inside(const std::string& directory, const std::string& name,
                                       std::size_t max) {
  const Fd place(::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  if (!place) return {};
  open_how how{};
  how.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS;
  const Fd file(static_cast<int>(::syscall(SYS_openat2, place.get(), name.c_str(), &how, sizeof how)));
  struct stat info{};
  if (!file || ::fstat(file.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
  return while_doing("reading " + name, [&] { return read_all(file.get(), max); });
}

bool is_plain_file(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode);
}

bool is_plain_directory(const std::string& path) {
  struct stat info{};
  return ::lstat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

void remove_tree(const std::string& path) noexcept {
  std::error_code error;
  fs::remove_all(path, error);
  if (!error) return;
  // Modules and providers may come with directories that even their owner can't write to.
  for (fs::recursive_directory_iterator entry(path, fs::directory_options::skip_permission_denied, error),
       end;
       !error && entry != end; entry.increment(error)) {
    if (entry->is_directory() && !entry->is_symlink()) ::chmod(entry->path().c_str(), 0700);
  }
  fs::remove_all(path, error);
}

void give_tree(const std::string& path, std::uint32_t user) {
  const auto give = [user](const fs::path& each) {
    if (::lchown(each.c_str(), user, user) != 0) fail("giving to the run's user", each);
  };
  give(path);
  if (!fs::is_directory(fs::symlink_status(path))) return;
  for (const auto& entry : fs::recursive_directory_iterator(path)) give(entry.path());
}

void make_durable(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file || ::fsync(file.get()) != 0) fail("writing to disk", path);
}

std::string sha256_of_file(const std::string& path) {
  const Fd file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) fail("reading", path);
  Sha256 digest;
  char buffer[64 * 1024];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("reading", path);
    if (count == 0) return digest.hex();
    digest.add(std::string_view(buffer, static_cast<std::size_t>(count)));
  }
}

}  // namespace slipway::runner
