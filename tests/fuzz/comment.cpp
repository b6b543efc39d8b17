#include "bot/commands/grammar.h"
#include "tests/fuzz/must.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway;
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  const auto asked = commands::parse_comment(body, {"slipway", "atlantis"});
  if (!asked) return 0;
  must(body.starts_with("slipway") || body.starts_with("atlantis") || body.find_first_not_of(" \t") != 0,
       "only what is addressed to us is answered");
  if (*asked) must((*asked)->kind != nullptr, "a command is one of the known ones");
  return 0;
}
