#pragma once

#include "core/random.h"
#include "core/secret.h"

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway {

/// Bytes encrypted at rest. Only a Keyring makes one; the Store takes nothing else for plans, states and
/// logs, and never holds a key. Wire form: "slw1" · key id (8 bytes) · nonce (12) · ciphertext · tag (16),
/// AES-256-GCM, the purpose as associated data.
class Sealed {
 public:
  const std::string& bytes() const { return bytes_; }
  /// What came back from the Store.
  static Sealed stored(std::string bytes) { return Sealed(std::move(bytes)); }

 private:
  friend class Keyring;
  explicit Sealed(std::string bytes) : bytes_(std::move(bytes)) {}
  std::string bytes_;
};

inline constexpr std::size_t kKeyBytes = 32;

/// The first key seals; all of them open, so that a key can be replaced. Any thread.
class Keyring {
 public:
  /// Each key is 32 bytes. Throws Failure when there is none or one has another length.
  Keyring(std::vector<Secret> keys, Random& random);

  Sealed seal(std::string_view purpose, std::string_view bytes) const;
  /// Throws Failure when the key is unknown, the purpose another, or the bytes were changed.
  std::string open(std::string_view purpose, const Sealed& sealed) const;
  /// A key for another use (marker MACs, digests of sensitive values), derived from the newest by HMAC.
  Secret derive(std::string_view purpose) const;

 private:
  struct Key {
    std::string id;
    Secret value;
  };
  std::vector<Key> keys_;
  Random& random_;
};

}  // namespace slipway
