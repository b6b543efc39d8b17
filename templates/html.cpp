#include "templates/html.h"

#include "templates/characters.h"
#include "templates/markdown_escape.h"
#include "templates/signs.h"
#include "templates/visit.h"

#include <string_view>

namespace slipway::templates {
namespace {

std::string inline_html(const Inline& text);

std::string link_html(const Link& part) {
  const std::string url = link_destination(part.url);
  const std::string inner = inline_html(part.inner);
  return url.empty() ? inner : "<a href=\"" + html_entities(url) + "\">" + inner + "</a>";
}

std::string inline_html(const Inline& text) {
  std::string out;
  for (const Span& span : text) {
    out += std::visit(
        Cases{[](const Words& part) { return html_entities(visible(part.text)); },
              [](const Said& part) { return html_entities(visible(part.text)); },
              [](const Code& part) { return "<code>" + html_entities(visible(part.text)) + "</code>"; },
              [](const Bold& part) { return "<b>" + inline_html(part.inner) + "</b>"; },
              [](const Link& part) { return link_html(part); },
              [](const Mention& part) { return "<b>@" + html_entities(visible(part.login)) + "</b>"; }},
        span.value);
  }
  return out;
}

std::string row_html(const std::vector<Inline>& cells, std::string_view element) {
  std::string out = "<tr>";
  for (const Inline& cell : cells) {
    out += "<";
    out += element;
    out += ">" + inline_html(cell) + "</";
    out += element;
    out += ">";
  }
  return out + "</tr>\n";
}

std::string table_html(const Table& table) {
  std::string out = "<table>\n<thead>" + row_html(table.header, "th") + "</thead>\n<tbody>\n";
  for (const auto& cells : table.rows) out += row_html(cells, "td");
  return out + "</tbody>\n</table>";
}

std::string_view class_of(const Line& line) {
  switch (line.sign) {
    case Sign::Add:
    case Sign::CreateFirst:
      return "sign-add";
    case Sign::Remove:
    case Sign::DestroyFirst:
    case Sign::Forget:
      return "sign-remove";
    case Sign::Change:
    case Sign::Move:
    case Sign::Import:
      return "sign-change";
    case Sign::Read:
    case Sign::None:
      break;
  }
  return line.text.find_first_not_of(' ') != std::string::npos &&
                 line.text[line.text.find_first_not_of(' ')] == '#'
             ? "remark"
             : "";
}

std::string fence_html(const Fence& fence) {
  std::string out = fence.diff ? "<pre class=\"diff\">" : "<pre>";
  for (const Line& line : fence.lines) {
    const std::string text = html_entities(line_text(line, fence.diff, false));
    const std::string_view kind = fence.diff ? class_of(line) : std::string_view();
    if (kind.empty()) {
      out += text;
    } else {
      out += "<span class=\"";
      out += kind;
      out += "\">" + text + "</span>";
    }
    out += "\n";
  }
  return out + "</pre>";
}

std::string_view alert_class(Alert::Kind kind) {
  switch (kind) {
    case Alert::Kind::Note:
      return "note";
    case Alert::Kind::Warning:
      return "warning";
    case Alert::Kind::Caution:
      return "caution";
  }
  return "";
}

std::string block_html(const Block& block) {
  return std::visit(
      Cases{[](const MarkerLine&) { return std::string(); },  // for forges, not for pages
            [](const Heading& heading) {
              const std::string level = std::to_string(heading.level);
              return "<h" + level + ">" + inline_html(heading.text) + "</h" + level + ">\n";
            },
            [](const Paragraph& text) { return "<p>" + inline_html(text.text) + "</p>\n"; },
            [](const SmallPrint& print) { return "<p><small>" + inline_html(print.text) + "</small></p>\n"; },
            [](const BulletList& list) {
              std::string out = "<ul>\n";
              for (const Inline& item : list.items) out += "<li>" + inline_html(item) + "</li>\n";
              return out + "</ul>\n";
            },
            [](const Table& table) { return table_html(table) + "\n"; },
            [](const Fence& fence) { return fence_html(fence) + "\n"; },
            [](const Details& details) {
              return std::string(details.open ? "<details open>" : "<details>") + "<summary>" +
                     inline_html(details.summary) + "</summary>\n" + html(details.body) + "</details>\n";
            },
            [](const Alert& alert) {
              return "<div class=\"alert " + std::string(alert_class(alert.kind)) + "\">\n" +
                     html(alert.body) + "</div>\n";
            }},
      block.value);
}

}  // namespace

std::string html(const Document& document) {
  std::string out;
  for (const Block& block : document) out += block_html(block);
  return out;
}

}  // namespace slipway::templates
