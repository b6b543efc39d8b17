#include "bot/net/tls.h"

#include "core/failure.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <cstring>

namespace slipway::net {
namespace {

/// What libssl says about the last call; its queue is empty afterwards.
std::string last_reason() {
  const unsigned long first = ERR_get_error();
  ERR_clear_error();
  if (ERR_SYSTEM_ERROR(first)) return std::strerror(ERR_GET_REASON(first));
  if (const char* reason = ERR_reason_error_string(first)) return reason;
  return "libssl gives no reason";
}

[[noreturn]] void refuse_file(const char* what, const std::string& file) {
  throw Failure(std::string(what) + " " + file + " can't be used: " + last_reason());
}

TlsContext make_context(const SSL_METHOD* method) {
  ERR_clear_error();
  TlsContext context(SSL_CTX_new(method));
  if (!context) throw Failure("TLS can't be set up: " + last_reason());
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // An idle connection otherwise keeps 34 KB of buffers.
  SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  // A key with a passphrase is refused; libssl would ask for it on the terminal.
  SSL_CTX_set_default_passwd_cb(context.get(), [](char*, int, int, void*) { return 0; });
  return context;
}

}  // namespace

void TlsContextFree::operator()(ssl_ctx_st* context) const noexcept { SSL_CTX_free(context); }

TlsContext make_server_context(const TlsFiles& files) {
  TlsContext context = make_context(TLS_server_method());
  SSL_CTX* raw = context.get();
  SSL_CTX_set_options(raw, SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_use_certificate_chain_file(raw, files.certificate.c_str()) != 1)
    refuse_file("the certificate", files.certificate);
  if (SSL_CTX_use_PrivateKey_file(raw, files.key.c_str(), SSL_FILETYPE_PEM) != 1)
    refuse_file("the private key", files.key);
  if (SSL_CTX_check_private_key(raw) != 1) refuse_file("the private key", files.key);
  return context;
}

TlsContext make_client_context(const std::string& ca_file) {
  TlsContext context = make_context(TLS_client_method());
  SSL_CTX* raw = context.get();
  SSL_CTX_set_verify(raw, SSL_VERIFY_PEER, nullptr);
  if (SSL_CTX_set_default_verify_paths(raw) != 1)
    throw Failure("the system's certificate authorities can't be read: " + last_reason());
  if (!ca_file.empty() && SSL_CTX_load_verify_file(raw, ca_file.c_str()) != 1)
    refuse_file("the certificate authority", ca_file);
  ERR_clear_error();
  return context;
}

bool expect_host(ssl_st* stream, const std::string& host) {
  SSL_set_hostflags(stream, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  // Addresses are no names: they are compared with the certificate's addresses and never sent as SNI (RFC
  // 6066).
  if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream), host.c_str()) == 1) return true;
  ERR_clear_error();
  return SSL_set_tlsext_host_name(stream, host.c_str()) == 1 && SSL_set1_host(stream, host.c_str()) == 1;
}

std::string certificate_objection(ssl_st* stream) {
  const long result = SSL_get_verify_result(stream);
  return result == X509_V_OK ? std::string() : X509_verify_cert_error_string(result);
}

}  // namespace slipway::net
