#pragma once

#include "bot/net/http_server.h"

#include <memory>
#include <string>

struct ssl_ctx_st;
struct ssl_st;

namespace slipway::net {

struct TlsContextFree {
  void operator()(ssl_ctx_st* context) const noexcept;
};
/// libssl's SSL_CTX. TLS 1.2 and newer, no renegotiation.
using TlsContext = std::unique_ptr<ssl_ctx_st, TlsContextFree>;

/// Throws Failure naming the file that can't be read, is no PEM, or does not fit the other.
TlsContext make_server_context(const TlsFiles& files);

/// Trusts the system's authorities and, unless it is empty, those in `ca_file` (PEM). Throws Failure naming
/// the file.
TlsContext make_client_context(const std::string& ca_file);

/// Asks for `host` (SNI) and accepts only a certificate for it, by name or by address. False when there is no
/// memory.
bool expect_host(ssl_st* stream, const std::string& host);

/// Why a handshake was refused, as a person says it; empty when the certificate was not the reason.
std::string certificate_objection(ssl_st* stream);

}  // namespace slipway::net
