#include "core/secret.h"

#include <openssl/crypto.h>

#include <ostream>

namespace slipway {

Secret::~Secret() { OPENSSL_cleanse(value_.data(), value_.size()); }

Secret& Secret::operator=(const Secret& other) {
  if (this != &other) {
    OPENSSL_cleanse(value_.data(), value_.size());
    value_ = other.value_;
  }
  return *this;
}

Secret& Secret::operator=(Secret&& other) noexcept {
  if (this != &other) {
    OPENSSL_cleanse(value_.data(), value_.size());
    value_ = std::move(other.value_);
    other.value_.clear();
  }
  return *this;
}

bool operator==(const Secret& a, const Secret& b) {
  return a.value_.size() == b.value_.size() &&
         CRYPTO_memcmp(a.value_.data(), b.value_.data(), a.value_.size()) == 0;
}

std::ostream& operator<<(std::ostream& out, const Secret&) { return out << "***"; }

}  // namespace slipway
