#include "store/sqlite/data_dir.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <system_error>

namespace slipway::store {
namespace {

constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kPrivateFile = 0600;

[[noreturn]] void fail(const std::string& doing) {
  throw Failure(fmt::format("{}: {}", doing, std::strerror(errno)));
}

/// Who wrote its number into the lock file.
std::string holder_of(int lock) {
  char text[32] = {};
  const ssize_t size = pread(lock, text, sizeof text - 1, 0);
  return size > 0 ? std::string(text, static_cast<std::size_t>(size)) : "?";
}

}  // namespace

DataDir DataDir::own(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw Failure(fmt::format("making the data directory {}: {}", path, error.message()));
  if (chmod(path.c_str(), kPrivateDirectory) != 0) fail("making the data directory " + path + " private");

  DataDir dir(path);
  const std::string lock_file = path + "/lock";
  dir.lock_ = open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, kPrivateFile);
  if (dir.lock_ < 0) fail("opening " + lock_file);
  if (flock(dir.lock_, LOCK_EX | LOCK_NB) != 0) {
    if (errno != EWOULDBLOCK) fail("locking " + lock_file);
    throw Failure(
        fmt::format("a Slipway server (process {}) uses {} already: one data directory has one server",
                    holder_of(dir.lock_), path));
  }
  const std::string pid = std::to_string(getpid());
  if (ftruncate(dir.lock_, 0) != 0 || pwrite(dir.lock_, pid.data(), pid.size(), 0) < 0)
    fail("writing " + lock_file);

  // SQLite gives its other files the mode of this one. Only made, never opened, when it is there: closing a
  // file that SQLite has open in this process would drop SQLite's locks.
  const int made = open(dir.database().c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, kPrivateFile);
  if (made >= 0) {
    close(made);
  } else if (errno != EEXIST) {
    fail("making " + dir.database());
  }
  return dir;
}

DataDir DataDir::visit(const std::string& path) {
  DataDir dir(path);
  if (access(dir.database().c_str(), F_OK) != 0) fail("opening " + dir.database());
  return dir;
}

DataDir::DataDir(DataDir&& other) noexcept : path_(std::move(other.path_)), lock_(other.lock_) {
  other.lock_ = -1;
}

DataDir::~DataDir() {
  if (lock_ >= 0) close(lock_);
}

}  // namespace slipway::store
