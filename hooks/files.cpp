#include "hooks/files.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>

namespace slipway::hooks {
namespace {

constexpr mode_t kReadableByAll = 0644;
constexpr mode_t kDirectory = 0755;

[[noreturn]] void fail(std::string_view doing, const std::string& path) {
  throw Failure(fmt::format("cannot {} {}: {}", doing, path, std::strerror(errno)), Retry::Later);
}

std::string directory_of(const std::string& path) {
  const auto slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash);
}

/// A descriptor that closes itself.
class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return number_; }

 private:
  int number_;
};

/// Removes itself unless it was put in its place.
class TemporaryFile {
 public:
  explicit TemporaryFile(const std::string& directory)
      : path_(fmt::format("{}/{}XXXXXX.tmp", directory, kTemporary)),
        file_(mkostemps(path_.data(), 4, O_CLOEXEC)) {
    if (file_.get() < 0) fail("make a file in", directory);
  }
  ~TemporaryFile() {
    if (!path_.empty()) unlink(path_.c_str());
  }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t count = ::write(file_.get(), bytes.data(), bytes.size());
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) fail("write", path_);
      bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    if (fchmod(file_.get(), kReadableByAll) != 0 || fsync(file_.get()) != 0) fail("write", path_);
  }

  void rename_to(const std::string& path) {
    if (rename(path_.c_str(), path.c_str()) != 0) fail("write", path);
    path_.clear();
  }

 private:
  std::string path_;
  Descriptor file_;
};

}  // namespace

void publish(const std::string& path, std::string_view bytes) {
  const std::string directory = directory_of(path);
  TemporaryFile file(directory);
  file.write(bytes);
  file.rename_to(path);
  const Descriptor opened(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (opened.get() < 0 || fsync(opened.get()) != 0) fail("write", directory);
}

std::optional<std::string> read_file(const std::string& path) {
  errno = 0;
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    if (errno == ENOENT) return {};
    fail("read", path);
  }
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

void make_directory(const std::string& path) {
  if (mkdir(path.c_str(), kDirectory) != 0 && errno != EEXIST) fail("make the directory", path);
}

}  // namespace slipway::hooks
