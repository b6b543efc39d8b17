#include "core/json.h"

#include "core/json_check.h"
#include "tests/fuzz/must.h"

#include <cstddef>
#include <cstdint>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace slipway;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto parsed = parse_json(text);
  JsonBuilder builder;
  std::size_t at = 0;
  const auto streamed = stream_json(
      [&] {
        const std::string_view piece = text.substr(at, 1 + at % 7);
        at += piece.size();
        return piece;
      },
      builder);
  must(parsed.has_value() == streamed.has_value(), "a stream and a text are judged alike");
  must(!well_formed_json(text) || parsed || parsed.error().text().find("nests deeper") != std::string::npos,
       "what the webhook route takes can be read");
  if (!parsed) return 0;
  must(builder.take() == *parsed, "a stream and a text read alike");
  const std::string dump = parsed->dump();
  const auto again = parse_json(dump);
  must(again && *again == *parsed && again->dump() == dump, "a dump is canonical");
  must(parse_json(parsed->pretty()).value() == *parsed, "a pretty text is the same");
  return 0;
}
