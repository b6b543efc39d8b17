#include "tests/net/certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace slipway::net {
namespace {

void must(bool is_done, const char* what) {
  if (!is_done) throw std::runtime_error(std::string("libcrypto: ") + what);
}

void add_extension(X509* certificate, X509* issuer, int kind, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
  must(extension != nullptr, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

/// Everything but extensions, issuer and signature.
void fill(X509* certificate, EVP_PKEY* key, const std::string& name, int days) {
  static int serial = 0;
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  constexpr long kDay = 86'400;
  X509_gmtime_adj(X509_getm_notBefore(certificate), -2 * kDay);
  X509_gmtime_adj(X509_getm_notAfter(certificate), days * kDay);
  const auto* const text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_UTF8, text, -1, -1, 0);
  X509_set_pubkey(certificate, key);
}

template <class Write>
std::string printed(Write&& write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> memory(BIO_new(BIO_s_mem()), &BIO_free);
  must(write(memory.get()) == 1, "PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

}  // namespace

Certificate::Certificate() : key_(EVP_EC_gen("P-256"), &EVP_PKEY_free), x509_(X509_new(), &X509_free) {
  must(key_ != nullptr && x509_ != nullptr, "a key");
}

Certificate Certificate::authority(const std::string& name) {
  Certificate made;
  X509* const x509 = made.x509_.get();
  fill(x509, made.key_.get(), name, 1);
  X509_set_issuer_name(x509, X509_get_subject_name(x509));
  add_extension(x509, x509, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(x509, x509, NID_key_usage, "critical,keyCertSign");
  must(X509_sign(x509, made.key_.get(), EVP_sha256()) > 0, "a signature");
  return made;
}

Certificate Certificate::issued(const Certificate& issuer, const std::string& names, int days) {
  Certificate made;
  X509* const x509 = made.x509_.get();
  fill(x509, made.key_.get(), "a server", days);
  X509_set_issuer_name(x509, X509_get_subject_name(issuer.x509_.get()));
  add_extension(x509, issuer.x509_.get(), NID_subject_alt_name, names);
  must(X509_sign(x509, issuer.key_.get(), EVP_sha256()) > 0, "a signature");
  return made;
}

std::string Certificate::pem() const {
  return printed([&](BIO* out) { return PEM_write_bio_X509(out, x509_.get()); });
}

std::string Certificate::key_pem() const {
  return printed([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key_.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

Files::Files() {
  std::string name = std::filesystem::temp_directory_path() / "slipway-net-XXXXXX";
  if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp");
  directory_ = name;
}

Files::~Files() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

std::string Files::write(const std::string& name, const std::string& text) const {
  std::ofstream(path(name), std::ios::binary) << text;
  return path(name);
}

}  // namespace slipway::net
