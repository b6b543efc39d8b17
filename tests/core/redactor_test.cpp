#include "core/redactor.h"

#include <catch2/catch.hpp>

#include <random>

namespace slipway {
namespace {

Redactor redactor(std::initializer_list<const char*> values) {
  std::vector<Secret> secrets;
  for (const char* value : values) secrets.emplace_back(value);
  return Redactor(std::move(secrets));
}

TEST_CASE("a known secret is replaced wherever it stands") {
  const Redactor plain = redactor({"hunter22"});
  CHECK(plain.redact("hunter22") == "(sensitive)");
  CHECK(plain.redact("a hunter22, and hunter22hunter22.") == "a (sensitive), and (sensitive)(sensitive).");
  CHECK(plain.redact("hunter2 hunter2") == "hunter2 hunter2");
}

TEST_CASE("of two secrets that begin alike the longer is replaced") {
  CHECK(redactor({"abcdef", "abcdefghi"}).redact("abcdefghi abcdefg") == "(sensitive) (sensitive)g");
}

TEST_CASE("a secret that is too short is left alone, since it is an ordinary word too") {
  CHECK(redactor({"prod", ""}).redact("prod") == "prod");
}

TEST_CASE("a secret that is cut by a border is replaced all the same") {
  Redactor stream = redactor({"hunter22"});
  std::string said = stream.add("it is hunt");
  CHECK(said.find("hunt") == std::string::npos);
  said += stream.add("er22, again hunter2");
  said += stream.end();
  CHECK(said == "it is (sensitive), again hunter2");
}

TEST_CASE("any split of a text gives the same text") {
  std::mt19937 random(7);
  const Redactor fresh = redactor({"aabaab", "abaabaab", "bbbbbb"});
  for (int round = 0; round < 2'000; ++round) {
    std::string text;
    for (int i = 0; i < 60; ++i) text += random() % 3 == 0 ? 'b' : 'a';
    if (round % 2 == 0) text.insert(random() % text.size(), "abaabaab");
    const std::string whole = fresh.redact(text);
    Redactor stream = fresh;
    std::string pieces;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t size = random() % 7;
      pieces += stream.add(std::string_view(text).substr(at, size));
      at += size;
    }
    pieces += stream.end();
    REQUIRE(pieces == whole);
  }
}

}  // namespace
}  // namespace slipway
