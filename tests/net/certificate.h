#pragma once

#include "bot/net/http_server.h"

#include <memory>
#include <string>

struct evp_pkey_st;
struct x509_st;

namespace slipway::net {

/// A certificate with its key, made on the spot.
class Certificate {
 public:
  static Certificate authority(const std::string& name);
  /// Signed by `issuer` for `names` as in openssl.cnf: "DNS:localhost,IP:127.0.0.1".
  static Certificate issued(const Certificate& issuer, const std::string& names, int days = 1);

  std::string pem() const;
  std::string key_pem() const;

 private:
  Certificate();
  std::shared_ptr<evp_pkey_st> key_;  // shared: libcrypto counts owners itself
  std::shared_ptr<x509_st> x509_;
};

/// A directory with files that goes when the test ends.
class Files {
 public:
  Files();
  ~Files();
  Files(const Files&) = delete;
  Files& operator=(const Files&) = delete;
  /// Its path.
  std::string write(const std::string& name, const std::string& text) const;
  std::string path(const std::string& name) const { return directory_ + "/" + name; }

 private:
  std::string directory_;
};

}  // namespace slipway::net
