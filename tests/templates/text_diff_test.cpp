#include "templates/text_diff.h"

#include <catch2/catch.hpp>

#include <random>
#include <string>

namespace slipway::templates {
namespace {

std::string drawn(std::string_view before, std::string_view after) {
  std::string out;
  for (const Edit& edit : shortest_edits(before.size(), after.size(), [&](std::size_t i, std::size_t j) {
         return before[i] == after[j];
       })) {
    switch (edit.kind) {
      case Edit::Kind::Keep:
        out += before[edit.before];
        break;
      case Edit::Kind::Remove:
        out += std::string("-") + before[edit.before];
        break;
      case Edit::Kind::Add:
        out += std::string("+") + after[edit.after];
        break;
    }
  }
  return out;
}

TEST_CASE("what both share is kept, removals come before additions") {
  CHECK(drawn("", "").empty());
  CHECK(drawn("abc", "abc") == "abc");
  CHECK(drawn("abc", "axc") == "a-b+xc");
  CHECK(drawn("", "ab") == "+a+b");
  CHECK(drawn("ab", "") == "-a-b");
  CHECK(drawn("abcd", "acbd") == "a-bc+bd");
}

std::size_t edits(std::string_view before, std::string_view after) {
  std::size_t count = 0;
  for (const Edit& edit : shortest_edits(before.size(), after.size(),
                                         [&](std::size_t i, std::size_t j) { return before[i] == after[j]; }))
    if (edit.kind != Edit::Kind::Keep) ++count;
  return count;
}

/// The textbook's table of longest common subsequences.
std::size_t shortest(std::string_view before, std::string_view after) {
  std::vector<std::vector<std::size_t>> common(before.size() + 1, std::vector<std::size_t>(after.size() + 1));
  for (std::size_t i = 1; i <= before.size(); ++i)
    for (std::size_t j = 1; j <= after.size(); ++j)
      common[i][j] = before[i - 1] == after[j - 1] ? common[i - 1][j - 1] + 1
                                                   : std::max(common[i - 1][j], common[i][j - 1]);
  return before.size() + after.size() - 2 * common[before.size()][after.size()];
}

TEST_CASE("random texts: the edits lead from one to the other, and no way is shorter") {
  std::mt19937 random(7);
  for (int round = 0; round < 2'000; ++round) {
    const auto text = [&] {
      std::string out(random() % 12, ' ');
      for (char& c : out) c = static_cast<char>('a' + random() % 3);
      return out;
    };
    const std::string before = text();
    const std::string after = text();
    std::string removed;
    std::string added;
    for (const Edit& edit : shortest_edits(before.size(), after.size(), [&](std::size_t i, std::size_t j) {
           return before[i] == after[j];
         })) {
      if (edit.kind != Edit::Kind::Add) removed += before[edit.before];
      if (edit.kind != Edit::Kind::Remove) added += after[edit.after];
    }
    CAPTURE(before, after);
    REQUIRE(removed == before);
    REQUIRE(added == after);
    REQUIRE(edits(before, after) == shortest(before, after));
  }
}

TEST_CASE("texts that share next to nothing are replaced whole between their common ends") {
  std::string before = "head";
  std::string after = "head";
  for (int i = 0; i < 3'000; ++i) before += static_cast<char>('a' + i % 7);
  for (int i = 0; i < 3'000; ++i) after += static_cast<char>('A' + i % 5);
  before += "tail";
  after += "tail";
  const auto found = shortest_edits(before.size(), after.size(),
                                    [&](std::size_t i, std::size_t j) { return before[i] == after[j]; });
  CHECK(found.size() == 4 + 3'000 + 3'000 + 4);
  CHECK(found[3].kind == Edit::Kind::Keep);
  CHECK(found[4].kind == Edit::Kind::Remove);
  CHECK(found.back().kind == Edit::Kind::Keep);
}

TEST_CASE("a text that ends in a newline has an empty last line") {
  CHECK(lines_of("a\nb") == std::vector<std::string_view>{"a", "b"});
  CHECK(lines_of("a\n") == std::vector<std::string_view>{"a", ""});
  CHECK(lines_of("") == std::vector<std::string_view>{""});
}

}  // namespace
}  // namespace slipway::templates
