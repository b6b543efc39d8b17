#include "core/random.h"

#include "core/crypto.h"
#include "core/failure.h"

#include <openssl/rand.h>

#include <cstring>

namespace slipway {

std::string Random::hex(std::size_t digits) { return to_hex(bytes((digits + 1) / 2)).substr(0, digits); }

std::uint64_t Random::below(std::uint64_t bound) {
  std::uint64_t value = 0;
  std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
  return bound == 0 ? 0 : value % bound;
}

std::string SystemRandom::bytes(std::size_t count) {
  std::string out(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(out.data()), static_cast<int>(count)) != 1)
    throw Failure("the system gives no random bytes");
  return out;
}

}  // namespace slipway
