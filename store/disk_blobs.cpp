#include "store/disk_blobs.h"

#include "core/failure.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>
#include <system_error>

namespace slipway::store {
namespace {

constexpr std::size_t kMinName = 4;
constexpr std::size_t kMaxName = 128;
constexpr mode_t kPrivateDirectory = 0700;
constexpr mode_t kPrivateFile = 0600;
/// Equal bytes have one name. Whoever puts a blob that is there is about to name it in a row, which a sweeper
/// that just found the name unused can't know: for this long the blob stays.
constexpr std::chrono::minutes kWantedFor{10};

[[noreturn]] void fail(std::string_view doing, const std::string& path) {
  const Retry retry = errno == ENOENT || errno == EACCES ? Retry::Never : Retry::Later;
  throw Failure(fmt::format("{} {}: {}", doing, path, std::strerror(errno)), retry);
}

class File {
 public:
  File(std::string path, int flags)
      : path_(std::move(path)), fd_(open(path_.c_str(), flags | O_CLOEXEC, kPrivateFile)) {
    if (fd_ < 0) fail("opening", path_);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  ~File() { close(fd_); }

  void write(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t size = ::write(fd_, bytes.data(), bytes.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) fail("writing", path_);
      bytes.remove_prefix(static_cast<std::size_t>(size));
    }
  }
  std::string read() const {
    std::string bytes;
    std::array<char, 65'536> buffer;
    for (;;) {
      const ssize_t size = ::read(fd_, buffer.data(), buffer.size());
      if (size < 0 && errno == EINTR) continue;
      if (size < 0) fail("reading", path_);
      if (size == 0) return bytes;
      bytes.append(buffer.data(), static_cast<std::size_t>(size));
    }
  }
  void sync() const {
    if (fsync(fd_) != 0) fail("writing to disk", path_);
  }

 private:
  const std::string path_;
  const int fd_;
};

/// A name in it is on disk only when the directory is.
void sync_directory(const std::string& path) { File(path, O_RDONLY | O_DIRECTORY).sync(); }

bool make_directory(const std::string& path) {
  if (mkdir(path.c_str(), kPrivateDirectory) == 0) return true;
  if (errno != EEXIST) fail("making", path);
  return false;
}

bool is_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  return name.size() >= kMinName && name.size() <= kMaxName && name.front() != '.' &&
         std::all_of(name.begin(), name.end(), is_plain);
}

struct Place {
  std::string directory;
  std::string file;
};

/// A folder for each beginning of two letters, so that none grows too large.
Place place_of(const std::string& root, const std::string& name) {
  if (!is_name(name)) throw Failure(fmt::format("\"{}\" can't be the name of a blob", name));
  std::string directory = root + "/" + name.substr(0, 2);
  std::string file = directory + "/" + name;
  return {std::move(directory), std::move(file)};
}

std::string unfinished(const std::string& root) { return root + "/unfinished"; }

}  // namespace

void DiskBlobs::prepare() {
  make_directory(directory_);
  make_directory(unfinished(directory_));
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(unfinished(directory_), error)) {
    std::filesystem::remove(entry.path(), error);
  }
}

void DiskBlobs::put(const std::string& name, const Sealed& bytes) {
  const Place place = place_of(directory_, name);
  if (make_directory(place.directory)) sync_directory(directory_);
  if (access(place.file.c_str(), F_OK) == 0) want_again(name);
  const auto number = recent_.with([](Recent& recent) { return recent.written++; });
  const std::string draft = fmt::format("{}/{}.{}.{}", unfinished(directory_), name, getpid(), number);
  try {
    const File file(draft, O_WRONLY | O_CREAT | O_EXCL);
    file.write(bytes.bytes());
    file.sync();
  } catch (const Failure&) {
    unlink(draft.c_str());
    throw;
  }
  if (rename(draft.c_str(), place.file.c_str()) != 0) fail("renaming to", place.file);
  sync_directory(place.directory);
}

Sealed DiskBlobs::get(const std::string& name) {
  return Sealed::stored(File(place_of(directory_, name).file, O_RDONLY).read());
}

bool DiskBlobs::has(const std::string& name) {
  return access(place_of(directory_, name).file.c_str(), F_OK) == 0;
}

void DiskBlobs::drop(const std::string& name) {
  const Place place = place_of(directory_, name);
  const bool is_wanted = recent_.with([&](const Recent& recent) {
    const auto found = recent.wanted_again.find(name);
    return found != recent.wanted_again.end() &&
           std::chrono::steady_clock::now() < found->second + kWantedFor;
  });
  if (is_wanted) return;
  if (unlink(place.file.c_str()) != 0 && errno != ENOENT) fail("removing", place.file);
}

void DiskBlobs::want_again(const std::string& name) {
  recent_.with([&](Recent& recent) {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(recent.wanted_again, [&](const auto& wanted) { return wanted.second + kWantedFor < now; });
    recent.wanted_again[name] = now;
  });
}

}  // namespace slipway::store
