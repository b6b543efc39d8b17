#include "templates/characters.h"

#include <catch2/catch.hpp>

namespace slipway::templates {
namespace {

using namespace std::string_literals;

TEST_CASE("what would act or hide is shown") {
  CHECK(visible("plain — ü 서울 🚀") == "plain — ü 서울 🚀");
  CHECK(visible("a\x1b[31mb"s) == "a\\u{1b}[31mb");
  CHECK(visible("a\0b"s) == "a\\u{0}b");
  CHECK(visible("a\u202eb") == "a\\u{202e}b");
  CHECK(visible("a\u2066b\u2069") == "a\\u{2066}b\\u{2069}");
  CHECK(visible("a\u200bb\ufeff") == "a\\u{200b}b\\u{feff}");
  CHECK(visible("a\nb\r") == "a\\u{a}b\\u{d}");
  CHECK(visible("a\u0085b\u2028") == "a\\u{85}b\\u{2028}");
  CHECK(visible("a\tb") == "a\\u{9}b");
  CHECK(visible("a\tb", Tabs::Kept) == "a\tb");
}

TEST_CASE("bytes that are not UTF-8 are shown as bytes") {
  CHECK(visible("a\xff\xfe"s) == "a\\x{ff}\\x{fe}");
  CHECK(visible("\xc0\xaf"s) == "\\x{c0}\\x{af}");             // overlong
  CHECK(visible("\xed\xa0\x80"s) == "\\x{ed}\\x{a0}\\x{80}");  // a surrogate
  CHECK(visible("\xf4\x90\x80\x80"s) == "\\x{f4}\\x{90}\\x{80}\\x{80}");
  CHECK(visible("\xe2\x82"s) == "\\x{e2}\\x{82}");  // cut
}

TEST_CASE("lengths are counted in code points and columns") {
  CHECK(code_points("aü서🚀") == 4);
  CHECK(columns("aü서🚀") == 6);
  CHECK(columns("e\u0301") == 1);
  CHECK(shortened("서울특별시", 3) == "서울특…");
  CHECK(shortened("abc", 3) == "abc");
}

TEST_CASE("numbers come with commas and nouns") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1000) == "1,000");
  CHECK(grouped(1234567) == "1,234,567");
  CHECK(counted(1, "destroy", "destroys") == "1 destroy");
  CHECK(counted(2, "destroy", "destroys") == "2 destroys");
}

}  // namespace
}  // namespace slipway::templates
