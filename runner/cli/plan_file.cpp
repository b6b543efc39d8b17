#include "runner/cli/plan_file.h"

#include "core/json_reader.h"
#include "runner/fd.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <algorithm>
#include <optional>

namespace slipway::runner {
namespace {

// PKWARE's APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16. No plan needs ZIP64.
constexpr std::uint32_t kEndOfDirectory = 0x06054b50;
constexpr std::uint32_t kDirectoryEntry = 0x02014b50;
constexpr std::uint32_t kLocalEntry = 0x04034b50;
constexpr std::size_t kEndSize = 22;
constexpr std::size_t kDirectorySize = 46;
constexpr std::size_t kLocalSize = 30;
constexpr std::size_t kMaxComment = 65'535;
constexpr std::size_t kMaxState = 512u << 20;
constexpr std::uint64_t kStored = 0;
constexpr std::uint64_t kDeflated = 8;

class Zip {
 public:
  explicit Zip(const std::string& path) : file_(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC)) {
    struct stat info{};
    if (!file_ || ::fstat(file_.get(), &info) != 0) throw_errno("reading the plan " + path);
    size_ = static_cast<std::uint64_t>(info.st_size);
  }

  /// The bytes of an entry; nothing when there is no such entry or the file is no ZIP file.
  std::optional<std::string> entry(std::string_view wanted) const {
    const std::uint64_t tail = std::min<std::uint64_t>(size_, kEndSize + kMaxComment);
    const std::string end = read(size_ - tail, tail);
    std::size_t at = end.size() < kEndSize ? std::string::npos : end.size() - kEndSize;
    while (at != std::string::npos && number(end, at, 4) != kEndOfDirectory)
      at = at == 0 ? std::string::npos : at - 1;
    if (at == std::string::npos) return {};
    const std::string directory = read(number(end, at + 16, 4), number(end, at + 12, 4));
    for (std::size_t i = 0;
         i + kDirectorySize <= directory.size() && number(directory, i, 4) == kDirectoryEntry;) {
      const std::uint64_t name_size = number(directory, i + 28, 2);
      if (directory.compare(i + kDirectorySize, name_size, wanted) == 0) return bytes_of(directory, i);
      i += kDirectorySize + name_size + number(directory, i + 30, 2) + number(directory, i + 32, 2);
    }
    return {};
  }

 private:
  std::optional<std::string> bytes_of(const std::string& directory, std::size_t i) const {
    const std::uint64_t method = number(directory, i + 10, 2);
    const std::uint64_t packed_size = number(directory, i + 20, 4);
    const std::uint64_t size = number(directory, i + 24, 4);
    const std::uint64_t local = number(directory, i + 42, 4);
    const std::string head = read(local, kLocalSize);
    if (head.size() < kLocalSize || number(head, 0, 4) != kLocalEntry || size > kMaxState) return {};
    std::string packed = read(local + kLocalSize + number(head, 26, 2) + number(head, 28, 2), packed_size);
    if (method == kStored) return packed;
    if (method == kDeflated) return inflated(packed, size);
    return {};
  }

  static std::optional<std::string> inflated(const std::string& packed, std::uint64_t size) {
    std::string out(size, '\0');
    z_stream stream{};
    constexpr int kRawDeflate = -MAX_WBITS;
    if (::inflateInit2(&stream, kRawDeflate) != Z_OK) return {};
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));
    stream.avail_in = static_cast<uInt>(packed.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int result = ::inflate(&stream, Z_FINISH);
    ::inflateEnd(&stream);
    if (result != Z_STREAM_END || stream.total_out != size) return {};
    return out;
  }

  static std::uint64_t number(const std::string& bytes, std::size_t at, std::size_t count) {
    std::uint64_t out = 0;
    for (std::size_t i = count; i-- > 0;) {
      out = out << 8 | (at + i < bytes.size() ? static_cast<unsigned char>(bytes[at + i]) : 0);
    }
    return out;
  }

  /// Less than `count` bytes where the file ends before.
  std::string read(std::uint64_t at, std::uint64_t count) const {
    if (at >= size_) return {};
    std::string out(std::min(count, size_ - at), '\0');
    const ssize_t got = ::pread(file_.get(), out.data(), out.size(), static_cast<off_t>(at));
    if (got < 0) throw_errno("reading a plan");
    out.resize(static_cast<std::size_t>(got));
    return out;
  }

  Fd file_;
  std::uint64_t size_ = 0;
};

}  // namespace

Result<StateSerial> prior_state(const std::string& plan_file) {
  const Zip zip(plan_file);
  const auto state = zip.entry("tfstate");
  if (!state) return refuse("the saved plan holds no prior state");
  return read_json(*state, [](const JsonReader& in) {
    return StateSerial{in["lineage"].string_or(""), in["serial"].integer_or(0)};
  });
}

}  // namespace slipway::runner
