#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/messages.h"
#include "templates/text_diff.h"

namespace slipway::templates {
namespace {

constexpr std::size_t kMaxQuoteLines = 5;

}  // namespace

Document reply(const Reply& reply) {
  Document out;
  if (!reply.marker.empty()) out.push_back({MarkerLine{reply.marker}});
  if (!reply.quote.empty()) {
    Fence quote;
    for (const std::string_view line : lines_of(reply.quote)) {
      if (quote.lines.size() == kMaxQuoteLines) break;
      quote.lines.push_back({Sign::None, shortened(line, kMaxSentence)});
    }
    out.push_back({std::move(quote)});
  }
  for (Block& block : with_code_blocks(reply.text)) out.push_back(std::move(block));
  return out;
}

}  // namespace slipway::templates
