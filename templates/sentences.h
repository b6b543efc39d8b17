#pragma once

#include "templates/document.h"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace slipway::templates {

/// Everything Slipway says in full sentences stands in words/*.md, built into the program, so that it can be
/// read in one place, and changed or translated without touching code. A line "- key: sentence" is a
/// sentence; it may hold `code`, **bold** and {blanks}. What fills a blank keeps its own kind: an address
/// stays an address.

struct Blank {
  std::string_view name;
  Inline value;
};

/// The sentence "next.ready" of words/next.md. One that does not exist, or a blank that nobody fills, is a
/// bug and throws std::logic_error.
Inline sentence(std::string_view key, std::initializer_list<Blank> blanks = {});

/// All keys, for the test that each is said somewhere.
std::vector<std::string> sentence_keys();

}  // namespace slipway::templates
