#pragma once

#include "runner/fd.h"

#include <cstdint>
#include <string>

namespace slipway::runner {

/// Files and links as one file. Its form: "slwa1\n", then for each entry a kind ('f', 'x' for an executable
/// file, 'l'), the lengths of its name and of its bytes (4 and 8 bytes, little-endian), the name, the bytes
/// (of a link: where it leads); at the end the kind 'e'. Names are relative paths without "..". Directories
/// come from the names of what is in them.
inline constexpr std::uint64_t kMaxArchive = 1ull << 30;  // bytes

class ArchiveWriter {
 public:
  explicit ArchiveWriter(const std::string& path);
  /// A regular file or a link; `name` is what it will be called. Throws Failure beyond kMaxArchive.
  void add(const std::string& name, const std::string& path);
  void add_bytes(const std::string& name, std::string_view bytes);
  void finish();

 private:
  void head(char kind, const std::string& name, std::uint64_t size);
  void write(std::string_view bytes);

  Fd file_;
  std::string buffer_;
  std::uint64_t size_ = 0;
};

/// Unpacks into `directory` what has a name that begins with `prefix`, without it. What stands there under
/// such a name is replaced; links that are there are never followed. Throws Failure when the archive is cut
/// short, or a name leads elsewhere, also by a link.
void unpack(const std::string& archive, const std::string& prefix, const std::string& directory);
/// The bytes of one entry; throws Failure when there is none.
std::string unpack_bytes(const std::string& archive, const std::string& name);

}  // namespace slipway::runner
