#include "core/sealed.h"

#include "core/failure.h"

#include <catch2/catch.hpp>

namespace slipway {
namespace {

Secret key(char fill) { return Secret(std::string(kKeyBytes, fill)); }

TEST_CASE("what was sealed opens for its purpose") {
  SystemRandom random;
  const Keyring keyring({key('a')}, random);
  for (const std::string& bytes :
       {std::string(), std::string("plan"), std::string("\0\xff\0", 3), std::string(1 << 20, 'x')})
    CHECK(keyring.open("plan", keyring.seal("plan", bytes)) == bytes);
}

TEST_CASE("sealed bytes hide what is in them, and no two are equal") {
  SystemRandom random;
  const Keyring keyring({key('a')}, random);
  const Sealed once = keyring.seal("plan", "the database's password");
  CHECK(once.bytes().find("password") == std::string::npos);
  CHECK(once.bytes() != keyring.seal("plan", "the database's password").bytes());
}

TEST_CASE("no byte of what was sealed can be changed") {
  SystemRandom random;
  const Keyring keyring({key('a')}, random);
  const std::string good = keyring.seal("plan", "bytes").bytes();
  for (std::size_t at = 0; at < good.size(); ++at) {
    INFO(at);
    std::string changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    CHECK_THROWS_AS(keyring.open("plan", Sealed::stored(changed)), Failure);
  }
  for (std::size_t size = 0; size < good.size(); ++size)
    CHECK_THROWS_AS(keyring.open("plan", Sealed::stored(good.substr(0, size))), Failure);
  CHECK_THROWS_AS(keyring.open("plan", Sealed::stored(good + "x")), Failure);
}

TEST_CASE("what was sealed for one purpose does not open for another") {
  SystemRandom random;
  const Keyring keyring({key('a')}, random);
  CHECK_THROWS_AS(keyring.open("state", keyring.seal("plan", "bytes")), Failure);
}

TEST_CASE("an old key still opens, and no longer seals") {
  SystemRandom random;
  const Keyring before({key('a')}, random);
  const Keyring rotated({key('b'), key('a')}, random);
  const Keyring after({key('b')}, random);
  const Sealed old = before.seal("plan", "bytes");
  CHECK(rotated.open("plan", old) == "bytes");
  CHECK(after.open("plan", rotated.seal("plan", "bytes")) == "bytes");
  CHECK_THROWS_WITH(after.open("plan", old), Catch::Contains("is not in encryption_key"));
}

TEST_CASE("a key has 32 bytes, and there is one") {
  SystemRandom random;
  CHECK_THROWS_AS(Keyring({}, random), Failure);
  CHECK_THROWS_AS(Keyring({Secret("short")}, random), Failure);
  CHECK_THROWS_AS(Keyring({key('a'), Secret(std::string(33, 'a'))}, random), Failure);
}

TEST_CASE("a key for another use depends on the purpose and on the newest key") {
  SystemRandom random;
  const Keyring a({key('a')}, random);
  const Keyring b({key('b'), key('a')}, random);
  CHECK(a.derive("marker") == a.derive("marker"));
  CHECK_FALSE(a.derive("marker") == a.derive("tags"));
  CHECK_FALSE(a.derive("marker") == b.derive("marker"));
  CHECK(a.derive("marker").reveal().size() == 32);
}

}  // namespace
}  // namespace slipway
