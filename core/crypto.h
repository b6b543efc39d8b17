#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace slipway {

std::string to_hex(std::string_view bytes);
/// Empty when it is not hex.
std::string from_hex(std::string_view hex);
std::string to_base64(std::string_view bytes);
/// Empty when it is not base64.
std::string from_base64(std::string_view text);

/// 32 raw bytes.
std::string sha256(std::string_view bytes);
std::string sha256_hex(std::string_view bytes);
/// Base64 of the MD5, as HTTP's Content-MD5 has it (Terraform's http backend sends it). Not for security.
std::string md5_base64(std::string_view bytes);
/// 32 raw bytes.
std::string hmac_sha256(std::string_view key, std::string_view bytes);
bool equal_in_constant_time(std::string_view a, std::string_view b);

/// SHA-256 of what comes in pieces.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();
  void add(std::string_view bytes);
  /// Ends it: 64 hex digits.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace slipway
