#include "core/crypto.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

TEST_CASE("digests are those of the standards' own examples") {
  CHECK(sha256_hex("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(to_hex(hmac_sha256("key", "The quick brown fox jumps over the lazy dog")) ==
        "f7bc83f430538424b13298e6aa6fb143ef4d59a14946175997479dbc2d1a3cd8");
  CHECK(md5_base64("") == "1B2M2Y8AsgTpgAmY7PhCfg==");
}

TEST_CASE("a digest of pieces is the digest of the whole") {
  Sha256 pieces;
  pieces.add("a");
  pieces.add("");
  pieces.add("bc");
  CHECK(pieces.hex() == sha256_hex("abc"));
}

TEST_CASE("hex and base64 come back as they were, and what is neither is nothing") {
  const std::string bytes("\0\xff slipway", 10);
  CHECK(from_hex(to_hex(bytes)) == bytes);
  CHECK(from_base64(to_base64(bytes)) == bytes);
  CHECK(from_hex("abc").empty());
  CHECK(from_hex("zz").empty());
  CHECK(from_base64("a*b=").empty());
}

TEST_CASE("texts are compared whole") {
  CHECK(equal_in_constant_time("abc", "abc"));
  CHECK_FALSE(equal_in_constant_time("abc", "abd"));
  CHECK_FALSE(equal_in_constant_time("abc", "ab"));
  CHECK(equal_in_constant_time("", ""));
}

}  // namespace
}  // namespace slipway
