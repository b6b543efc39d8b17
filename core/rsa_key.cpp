#include "core/rsa_key.h"

#include "core/failure.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

namespace slipway {
namespace {

template <auto kFree>
struct Freed {
  template <class T>
  void operator()(T* object) const {
    kFree(object);
  }
};
using Bio = std::unique_ptr<BIO, Freed<BIO_free>>;
using Context = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;

constexpr int kMinBits = 2048;

/// Without it libcrypto would ask the terminal.
int no_passphrase(char*, int, int, void*) { return 0; }

}  // namespace

struct RsaKey::Key {
  std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>> pkey;
};

RsaKey::RsaKey(std::unique_ptr<Key> key) : key_(std::move(key)) {}
RsaKey::RsaKey(RsaKey&&) noexcept = default;
RsaKey& RsaKey::operator=(RsaKey&&) noexcept = default;
RsaKey::~RsaKey() = default;

Result<RsaKey> RsaKey::from_pem(const Secret& pem) {
  const std::string& text = pem.reveal();
  const Bio bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  auto key = std::make_unique<Key>();
  key->pkey.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  ERR_clear_error();
  if (!key->pkey) return refuse("it holds no private key in PEM without a passphrase");
  if (EVP_PKEY_get_base_id(key->pkey.get()) != EVP_PKEY_RSA) return refuse("its key is not an RSA key");
  if (EVP_PKEY_get_bits(key->pkey.get()) < kMinBits) return refuse("its RSA key has less than 2048 bits");
  return RsaKey(std::move(key));
}

std::string RsaKey::sign_sha256(std::string_view bytes) const {
  const Context context(EVP_MD_CTX_new());
  std::string out(static_cast<std::size_t>(EVP_PKEY_get_size(key_->pkey.get())), '\0');
  std::size_t size = out.size();
  const bool good =
      EVP_DigestSignInit(context.get(), nullptr, EVP_sha256(), nullptr, key_->pkey.get()) == 1 &&
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()), &size,
                     reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size()) == 1;
  if (!good) throw Failure("libcrypto refuses to sign");
  out.resize(size);
  return out;
}

}  // namespace slipway
