#pragma once

#include "core/result.h"
#include "core/secret.h"

#include <memory>
#include <string>
#include <string_view>

namespace slipway {

/// A private RSA key, for what has to be signed by one (a GitHub App's tokens). Any thread.
class RsaKey {
 public:
  /// PEM, PKCS#1 or PKCS#8, without a passphrase.
  static Result<RsaKey> from_pem(const Secret& pem);
  RsaKey(RsaKey&&) noexcept;
  RsaKey& operator=(RsaKey&&) noexcept;
  ~RsaKey();

  /// RSASSA-PKCS1-v1_5 with SHA-256 (RS256 of RFC 7518): raw bytes.
  std::string sign_sha256(std::string_view bytes) const;

 private:
  struct Key;
  explicit RsaKey(std::unique_ptr<Key> key);
  std::unique_ptr<Key> key_;
};

}  // namespace slipway
