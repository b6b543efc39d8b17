#include "vcs/text.h"

#include <catch2/catch.hpp>

namespace slipway::vcs {

TEST_CASE("other people's words become one line") {
  CHECK(one_line("  two\r\n\t lines \n", 100) == "two lines");
  CHECK(one_line("a\x1b[31mred", 100) == "a [31mred");
  CHECK(one_line("", 100).empty());
}

TEST_CASE("one line is cut between characters") {
  CHECK(one_line("abcdef", 6) == "abcdef");
  CHECK(one_line("abcdefg", 6) == "abc…");
  CHECK(one_line("üüü", 5) == "ü…");
  CHECK(one_line("üüü", 6) == "üüü");
}

TEST_CASE("bytes that are no UTF-8 are replaced") {
  CHECK(one_line("a\xff"
                 "b",
                 100) == "a\uFFFDb");
  CHECK(one_line("a\xc3", 100) == "a\uFFFD");
}

TEST_CASE("a text is cut after so many characters, however many bytes they have") {
  CHECK(at_most("abc", 3) == "abc");
  CHECK(at_most("abcd", 3) == "ab…");
  CHECK(at_most("äöüß", 3) == "äö…");
  CHECK(at_most("äöü", 3) == "äöü");
  CHECK(at_most("", 3).empty());
}

}  // namespace slipway::vcs
