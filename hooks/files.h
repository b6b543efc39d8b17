#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace slipway::hooks {

/// Throws Failure(Later) each: a disk that is full today is not so forever.

/// Puts `bytes` at `path` so that a reader sees the old file or the new one, whole, also after a power cut.
/// The temporary file stands beside it, begins with kTemporary and does not end as `path` does. Readable to
/// everybody.
void publish(const std::string& path, std::string_view bytes);
inline constexpr std::string_view kTemporary = ".slipway-";

/// Nothing when there is no such file.
std::optional<std::string> read_file(const std::string& path);

/// The last part of the path only; does nothing when it is there.
void make_directory(const std::string& path);

}  // namespace slipway::hooks
