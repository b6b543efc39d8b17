#include "templates/document.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/visit.h"

#include <utility>

namespace slipway::templates {
namespace {

std::string_view take_line(std::string_view& text) {
  const auto end = text.find('\n');
  const auto line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

}  // namespace

Inline words(std::string text) { return {Span{Words{std::move(text)}}}; }
Inline said(std::string text) { return {Span{Said{std::move(text)}}}; }
Inline code(std::string text) { return {Span{Code{std::move(text)}}}; }
Inline bold(Inline inner) { return {Span{Bold{std::move(inner)}}}; }
Inline link(Inline inner, std::string url) { return {Span{Link{std::move(inner), std::move(url)}}}; }

Inline& operator+=(Inline& text, Inline more) {
  for (Span& span : more) text.push_back(std::move(span));
  return text;
}

Inline operator+(Inline text, Inline more) {
  text += std::move(more);
  return text;
}

Inline with_code(std::string_view text) {
  Inline out;
  while (!text.empty()) {
    const auto open = text.find('`');
    const auto close = open == std::string_view::npos ? open : text.find('`', open + 1);
    if (close == std::string_view::npos || close == open + 1) return out + said(std::string(text));
    if (open > 0) out += said(std::string(text.substr(0, open)));
    out += code(std::string(text.substr(open + 1, close - open - 1)));
    text.remove_prefix(close + 1);
  }
  return out;
}

Inline clause(std::string_view text) {
  while (text.ends_with('.') || text.ends_with(' ') || text.ends_with('\n')) text.remove_suffix(1);
  return with_code(shortened(text, kMaxSentence));
}

Blocks with_code_blocks(std::string_view text) {
  Blocks out;
  std::string paragraph;
  std::vector<Inline> items;
  const auto end_block = [&] {
    if (!paragraph.empty()) out.push_back({Paragraph{with_code(paragraph)}});
    if (!items.empty()) out.push_back({BulletList{std::move(items)}});
    paragraph.clear();
    items.clear();
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (line.empty()) {
      end_block();
    } else if (line.starts_with("- ")) {
      if (!paragraph.empty()) end_block();
      items.push_back(with_code(line.substr(2)));
    } else {
      if (!items.empty()) end_block();
      if (!paragraph.empty()) paragraph += ' ';
      paragraph += line;
    }
  }
  end_block();
  return out;
}

Inline listed(std::vector<Inline> items, std::size_t most) {
  Inline out;
  const std::size_t all = items.size();
  const std::size_t shown = std::min(all, most);
  for (std::size_t i = 0; i < shown; ++i) {
    if (i > 0) out += words(i + 1 == all ? " and " : ", ");
    out += std::move(items[i]);
  }
  if (shown < all)
    out += words((shown > 0 ? " and " : "") + grouped(all - shown) + (shown > 0 ? " more" : ""));
  return out;
}

std::string plain_text(const Inline& text) {
  std::string out;
  for (const Span& span : text) {
    std::visit(Cases{[&](const Words& part) { out += part.text; },
                     [&](const Said& part) { out += visible(part.text); },
                     [&](const Code& part) { out += '`' + visible(part.text) + '`'; },
                     [&](const Bold& part) { out += plain_text(part.inner); },
                     [&](const Link& part) { out += plain_text(part.inner); },
                     [&](const Mention& part) { out += part.login; }},
               span.value);
  }
  return out;
}

}  // namespace slipway::templates
