#pragma once

#include "core/crypto.h"
#include "core/json.h"
#include "runner/fd.h"

#include <optional>
#include <string>
#include <string_view>

namespace slipway::runner {

/// Writes a JSON document to a file piece by piece, and digests it on the way. Throws Failure when the disk
/// refuses.
class DocumentWriter {
 public:
  /// Nothing is written to an empty path. The file is for its owner only.
  explicit DocumentWriter(const std::string& path);

  void begin_object() { open('{'); }
  void end_object() { close('}'); }
  void begin_array() { open('['); }
  void end_array() { close(']'); }
  void key(std::string_view name);
  void value(const Json& value);

  /// SHA-256 of all that was written, hex; empty when nothing was to be.
  std::string finish();

 private:
  void open(char bracket);
  void close(char bracket);
  void separate();
  void flush();

  std::optional<Fd> file_;
  Sha256 digest_;
  std::string buffer_;
  bool first_ = true;  // in its object or list
};

}  // namespace slipway::runner
