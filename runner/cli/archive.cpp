#include "runner/cli/archive.h"

#include "core/failure.h"
#include "runner/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>

namespace slipway::runner {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "slwa1\n";
constexpr std::size_t kHead = 13;
constexpr std::size_t kMaxName = 4096;
constexpr std::size_t kBuffer = 256 * 1024;

template <std::size_t Bytes>
std::string little_endian(std::uint64_t number) {
  std::string out;
  for (std::size_t i = 0; i < Bytes; ++i) out += static_cast<char>(number >> (8 * i) & 0xff);
  return out;
}

std::uint64_t from_little_endian(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) number = number << 8 | static_cast<unsigned char>(bytes[i]);
  return number;
}

bool stays_inside(const std::string& name) {
  if (name.empty() || name.size() > kMaxName || name.front() == '/' || name.find('\0') != std::string::npos)
    return false;
  for (const auto& part : fs::path(name)) {
    if (part == ".." || part == "." || part.empty()) return false;
  }
  return true;
}

class Reader {
 public:
  explicit Reader(const std::string& path) : path_(path), file_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (!file_) throw_errno("opening the archive " + path);
    if (take(kMagic.size()) != kMagic) broken("it doesn't begin as one");
  }

  struct Entry {
    char kind = 'e';
    std::string name;
    std::uint64_t size = 0;
  };

  /// False at the end. Whoever gets an entry takes all its bytes.
  bool next(Entry& entry) {
    entry.kind = take(1).front();
    if (entry.kind == 'e') return false;
    if (std::string_view("fxl").find(entry.kind) == std::string_view::npos)
      broken("an entry is of no known kind");
    const std::string lengths = take(kHead - 1);
    const std::uint64_t name_size = from_little_endian(std::string_view(lengths).substr(0, 4));
    entry.size = from_little_endian(std::string_view(lengths).substr(4));
    if (name_size > kMaxName || entry.size > kMaxArchive) broken("an entry is too large");
    entry.name = take(name_size);
    if (!stays_inside(entry.name)) broken("an entry has a name that leads elsewhere");
    return true;
  }

  std::string take(std::uint64_t size) {
    std::string out;
    while (out.size() < size) out += piece(size - out.size());
    return out;
  }

  /// At least one byte and at most `size`.
  std::string piece(std::uint64_t size) {
    std::string out(std::min<std::uint64_t>(size, kBuffer), '\0');
    const ssize_t count = ::read(file_.get(), out.data(), out.size());
    if (count < 0 && errno == EINTR) return {};
    if (count < 0) throw_errno("reading the archive " + path_);
    if (count == 0) broken("it is cut short");
    out.resize(static_cast<std::size_t>(count));
    return out;
  }

  [[noreturn]] void broken(std::string_view why) const {
    throw Failure(fmt::format("the archive {} can't be unpacked: {}", path_, why));
  }

 private:
  std::string path_;
  Fd file_;
};

void write_file(Reader& reader, const Reader::Entry& entry, const std::string& path) {
  const mode_t mode = entry.kind == 'x' ? 0755 : 0644;
  const Fd file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, mode));
  if (!file) throw_errno("unpacking " + path);
  for (std::uint64_t left = entry.size; left > 0;) {
    const std::string bytes = reader.piece(left);
    write_all(file.get(), bytes);
    left -= bytes.size();
  }
}

}  // namespace

ArchiveWriter::ArchiveWriter(const std::string& path)
    : file_(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600)) {
  if (!file_) throw_errno("making the archive " + path);
  write(kMagic);
}

void ArchiveWriter::write(std::string_view bytes) {
  size_ += bytes.size();
  if (size_ > kMaxArchive) {
    throw Failure(
        fmt::format("modules and files that the plan made are more than {} MiB", kMaxArchive >> 20));
  }
  buffer_ += bytes;
  if (buffer_.size() < kBuffer) return;
  write_all(file_.get(), buffer_);
  buffer_.clear();
}

void ArchiveWriter::head(char kind, const std::string& name, std::uint64_t size) {
  if (!stays_inside(name)) throw Failure(fmt::format("{} is not a name for an archive", name));
  write(std::string(1, kind) + little_endian<4>(name.size()) + little_endian<8>(size) + name);
}

void ArchiveWriter::add_bytes(const std::string& name, std::string_view bytes) {
  head('f', name, bytes.size());
  write(bytes);
}

void ArchiveWriter::add(const std::string& name, const std::string& path) {
  struct stat info{};
  if (::lstat(path.c_str(), &info) != 0) throw_errno("archiving " + path);
  if (S_ISLNK(info.st_mode)) {
    const std::string target = fs::read_symlink(path);
    head('l', name, target.size());
    return write(target);
  }
  const Fd file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC));
  if (!file || !S_ISREG(info.st_mode)) throw Failure(fmt::format("{} is neither a file nor a link", path));
  const auto size = static_cast<std::uint64_t>(info.st_size);
  head((info.st_mode & S_IXUSR) != 0 ? 'x' : 'f', name, size);
  std::string bytes(kBuffer, '\0');
  for (std::uint64_t left = size; left > 0;) {
    const ssize_t count = ::read(file.get(), bytes.data(), std::min<std::uint64_t>(left, bytes.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) throw Failure(fmt::format("{} changed while it was archived", path), Retry::Later);
    write(std::string_view(bytes).substr(0, static_cast<std::size_t>(count)));
    left -= static_cast<std::uint64_t>(count);
  }
}

void ArchiveWriter::finish() {
  buffer_ += 'e';
  write_all(file_.get(), buffer_);
  buffer_.clear();
  file_.close();
}

void unpack(const std::string& archive, const std::string& prefix, const std::string& directory) {
  Reader reader(archive);
  for (Reader::Entry entry; reader.next(entry);) {
    if (!entry.name.starts_with(prefix)) {
      for (std::uint64_t left = entry.size; left > 0;) left -= reader.piece(left).size();
      continue;
    }
    const std::string path = directory + "/" + entry.name.substr(prefix.size());
    for (fs::path part = fs::path(path).parent_path(); part.string().size() > directory.size();
         part = part.parent_path()) {
      if (fs::is_symlink(fs::symlink_status(part))) reader.broken("an entry lies behind a link");
    }
    make_directories(fs::path(path).parent_path());
    ::unlink(path.c_str());
    if (entry.kind != 'l') {
      write_file(reader, entry, path);
    } else if (::symlink(reader.take(entry.size).c_str(), path.c_str()) != 0) {
      throw_errno("unpacking " + path);
    }
  }
}

std::string unpack_bytes(const std::string& archive, const std::string& name) {
  Reader reader(archive);
  for (Reader::Entry entry; reader.next(entry);) {
    std::string bytes = reader.take(entry.size);
    if (entry.name == name) return bytes;
  }
  throw Failure(fmt::format("the archive {} has no {}", archive, name));
}

}  // namespace slipway::runner
