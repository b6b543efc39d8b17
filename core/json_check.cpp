#include "core/json_check.h"

#include <simdjson.h>

namespace slipway {

bool well_formed_json(std::string_view text) {
  // A parser keeps its buffers; one a thread, given back when a large delivery made them large.
  constexpr std::size_t kKeptCapacity = 1u << 20;
  thread_local simdjson::dom::parser parser;
  const bool good = parser.parse(text.data(), text.size()).error() == simdjson::SUCCESS;
  if (parser.capacity() > kKeptCapacity) parser = simdjson::dom::parser();
  return good;
}

}  // namespace slipway
