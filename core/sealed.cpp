#include "core/sealed.h"

#include "core/crypto.h"
#include "core/failure.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <memory>

namespace slipway {
namespace {

constexpr std::string_view kMagic = "slw1";
constexpr std::size_t kKeyIdBytes = 8;
constexpr std::size_t kNonceBytes = 12;
constexpr std::size_t kTagBytes = 16;
constexpr std::size_t kHeaderBytes = 4 + kKeyIdBytes + kNonceBytes;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

Cipher cipher() { return {EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free}; }

const unsigned char* raw(std::string_view bytes) {
  return reinterpret_cast<const unsigned char*>(bytes.data());
}
unsigned char* raw(std::string& bytes) { return reinterpret_cast<unsigned char*>(bytes.data()); }

void must(int answer) {
  if (answer != 1)
    throw Failure("the stored bytes were changed, or belong to something else (AES-GCM refuses them)");
}

}  // namespace

Keyring::Keyring(std::vector<Secret> keys, Random& random) : random_(random) {
  for (auto& key : keys) {
    if (key.reveal().size() != kKeyBytes)
      throw Failure(fmt::format("an encryption key has {} bytes", kKeyBytes));
    keys_.push_back({sha256(key.reveal()).substr(0, kKeyIdBytes), std::move(key)});
  }
  if (keys_.empty()) throw Failure("there is no encryption key");
}

Sealed Keyring::seal(std::string_view purpose, std::string_view bytes) const {
  const Key& key = keys_.front();
  const std::string nonce = random_.bytes(kNonceBytes);
  std::string out = std::string(kMagic) + key.id + nonce;
  out.resize(kHeaderBytes + bytes.size() + kTagBytes);
  const auto context = cipher();
  int size = 0;
  must(EVP_EncryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.value.reveal()), raw(nonce)));
  must(EVP_EncryptUpdate(context.get(), nullptr, &size, raw(purpose), static_cast<int>(purpose.size())));
  unsigned char* const body = raw(out) + kHeaderBytes;
  must(EVP_EncryptUpdate(context.get(), body, &size, raw(bytes), static_cast<int>(bytes.size())));
  must(EVP_EncryptFinal_ex(context.get(), body + size, &size));
  must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_GET_TAG, kTagBytes, body + bytes.size()));
  return Sealed(std::move(out));
}

std::string Keyring::open(std::string_view purpose, const Sealed& sealed) const {
  const std::string& in = sealed.bytes();
  if (in.size() < kHeaderBytes + kTagBytes || in.compare(0, kMagic.size(), kMagic) != 0)
    throw Failure("the stored bytes are not sealed by Slipway");
  const std::string_view id(in.data() + kMagic.size(), kKeyIdBytes);
  const std::string_view nonce(in.data() + kMagic.size() + kKeyIdBytes, kNonceBytes);
  for (const Key& key : keys_) {
    if (key.id != id) continue;
    std::string out(in.size() - kHeaderBytes - kTagBytes, '\0');
    std::string tag = in.substr(in.size() - kTagBytes);
    const auto context = cipher();
    int size = 0;
    must(EVP_DecryptInit_ex(context.get(), EVP_aes_256_gcm(), nullptr, raw(key.value.reveal()), raw(nonce)));
    must(EVP_DecryptUpdate(context.get(), nullptr, &size, raw(purpose), static_cast<int>(purpose.size())));
    must(EVP_DecryptUpdate(context.get(), raw(out), &size, raw(in) + kHeaderBytes,
                           static_cast<int>(out.size())));
    must(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_GCM_SET_TAG, kTagBytes, tag.data()));
    must(EVP_DecryptFinal_ex(context.get(), raw(out) + size, &size));
    return out;
  }
  throw Failure(fmt::format("the key {} that sealed this is not in encryption_key", to_hex(id)));
}

Secret Keyring::derive(std::string_view purpose) const {
  return Secret(hmac_sha256(keys_.front().value.reveal(), purpose));
}

}  // namespace slipway
