#include "templates/markdown.h"

#include "templates/characters.h"
#include "templates/markdown_escape.h"
#include "templates/sentences.h"
#include "templates/signs.h"
#include "templates/visit.h"

#include <algorithm>
#include <string_view>

namespace slipway::templates {
namespace {

/// Where inline text stands decides how it is escaped.
enum class Place { Text, Cell, Html };

std::string inline_text(const Inline& text, Place place);

std::string words_in(const Words& part, Place place) {
  return place == Place::Html ? escape_html_words(part.text) : escape_words(part.text);
}

std::string said_in(const Said& part, Place place) {
  switch (place) {
    case Place::Text:
      return escape_said(part.text);
    case Place::Cell:
      return escape_said_in_cell(part.text);
    case Place::Html:
      return escape_html_said(part.text);
  }
  return {};
}

std::string code_in(const Code& part, Place place) {
  switch (place) {
    case Place::Text:
      return code_span(part.text);
    case Place::Cell:
      return code_cell(part.text);
    case Place::Html:
      return html_code(part.text);
  }
  return {};
}

std::string bold_in(const Bold& part, Place place) {
  const std::string inner = inline_text(part.inner, place);
  return place == Place::Html ? "<b>" + inner + "</b>" : "**" + inner + "**";
}

std::string link_in(const Link& part, Place place) {
  const std::string inner = inline_text(part.inner, place);
  const std::string url = link_destination(part.url);
  // Inside HTML no link is needed: a summary is there to be clicked on.
  return url.empty() || place == Place::Html ? inner : "[" + inner + "](" + url + ")";
}

std::string inline_text(const Inline& text, Place place) {
  std::string out;
  for (const Span& span : text) {
    const std::string part = std::visit(Cases{[&](const Words& found) { return words_in(found, place); },
                                              [&](const Said& found) { return said_in(found, place); },
                                              [&](const Code& found) { return code_in(found, place); },
                                              [&](const Bold& found) { return bold_in(found, place); },
                                              [&](const Link& found) { return link_in(found, place); },
                                              [&](const Mention& found) { return mention(found.login); }},
                                        span.value);
    // Two code spans side by side would become one of neither's text.
    if (out.ends_with('`') && part.starts_with('`')) out += ' ';
    out += part;
  }
  return out;
}

bool digit(char c) { return c >= '0' && c <= '9'; }

/// Text that begins like a heading, a list or an underline gets a backslash where it would become one.
std::string at_line_start(std::string text) {
  if (text.empty()) return text;
  if (std::string_view("#+-=").find(text.front()) != std::string_view::npos) return "\\" + text;
  const auto end = static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), digit) - text.begin());
  if (end > 0 && end < text.size() && (text[end] == '.' || text[end] == ')')) text.insert(end, 1, '\\');
  return text;
}

std::string paragraph(const Inline& text) { return at_line_start(inline_text(text, Place::Text)); }

std::string row(const std::vector<Inline>& cells) {
  std::string out = "|";
  for (const Inline& cell : cells) {
    const std::string text = inline_text(cell, Place::Cell);
    out += text.empty() ? " |" : " " + text + " |";
  }
  return out;
}

std::string table(const Table& block) {
  std::string out = row(block.header) + "\n|";
  for (const Inline& cell : block.header) out += cell.empty() ? ":-:|" : "---|";
  for (const auto& cells : block.rows) out += "\n" + row(cells);
  const auto projects = [](std::size_t number, std::string_view one, std::string_view many) {
    return Blank{"number", words(counted(number, one, many))};
  };
  if (block.left_out > 0) {
    out += "\n\n" + markdown(sentence("comment.rows_left_out",
                                      {projects(block.left_out, "more project is", "more projects are")}));
  }
  if (block.sections_left_out > 0) {
    out += "\n\n" + markdown(sentence("comment.sections_left_out",
                                      {projects(block.sections_left_out, "project", "projects")}));
  }
  return out;
}

std::string fenced(const Line* begin, const Line* end, bool diff, const Traits& traits) {
  std::string body;
  std::size_t run = 0;
  for (const Line* line = begin; line != end; ++line) {
    const std::string text = line_text(*line, diff, traits.diff_colours);
    run = std::max(run, longest_backtick_run(text));
    body += text + "\n";
  }
  const std::string ticks = fence_for(run);
  return ticks + (diff && traits.diff_colours ? "diff" : "text") + "\n" + body + ticks;
}

std::string fence(const Fence& block, const Traits& traits) {
  const Line* begin = block.lines.data();
  const Line* end = begin + block.lines.size();
  if (block.left_out == 0) return fenced(begin, end, block.diff, traits);
  const Line* middle = begin + block.left_out_at;
  std::string out;
  if (begin != middle) out += fenced(begin, middle, block.diff, traits) + "\n\n";
  const Inline number = words(counted(block.left_out, "line", "lines"));
  const bool readable = !link_destination(block.full_url).empty();
  out += markdown(
      readable ? sentence("comment.left_out",
                          {{"number", number}, {"plan", link(sentence("comment.full_plan"), block.full_url)}})
               : sentence("comment.left_out_here", {{"number", number}}));
  if (middle != end) out += "\n\n" + fenced(middle, end, block.diff, traits);
  return out;
}

/// What a closing tag on the next line would be taken into.
bool reaches_on(const Block& block) {
  return std::holds_alternative<Table>(block.value) || std::holds_alternative<BulletList>(block.value) ||
         std::holds_alternative<Alert>(block.value);
}

std::string details(const Details& block, const Traits& traits) {
  const std::string body = markdown(block.body, traits);
  if (!traits.details) {
    const std::string title = paragraph(block.summary);
    return body.empty() ? title : title + "\n\n" + body;
  }
  std::string out = block.open ? "<details open>" : "<details>";
  out += "<summary>" + inline_text(block.summary, Place::Html) + "</summary>\n\n" + body;
  out += !block.body.empty() && reaches_on(block.body.back()) ? "\n\n" : "\n";
  return out + "</details>";
}

std::string_view alert_name(Alert::Kind kind, bool word) {
  switch (kind) {
    case Alert::Kind::Note:
      return word ? "Note" : "[!NOTE]";
    case Alert::Kind::Warning:
      return word ? "Warning" : "[!WARNING]";
    case Alert::Kind::Caution:
      return word ? "Caution" : "[!CAUTION]";
  }
  return "";
}

std::string quoted(std::string_view text) {
  std::string out = "> ";
  for (const char c : text) {
    out += c;
    if (c == '\n') out += "> ";
  }
  return out;
}

std::string alert(const Alert& block, const Traits& traits) {
  const std::string body = markdown(block.body, traits);
  if (traits.alerts) return quoted(std::string(alert_name(block.kind, false)) + "\n" + body);
  return quoted("**" + std::string(alert_name(block.kind, true)) + ":** " + body);
}

std::string list(const BulletList& block) {
  std::string out;
  for (const Inline& item : block.items) {
    const std::string text = paragraph(item);
    // A line of nothing but "-" would underline the one above it.
    out += (out.empty() ? "- " : "\n- ") +
           (text.find_first_not_of(' ') == std::string::npos ? std::string("(empty)") : text);
  }
  return out;
}

}  // namespace

std::string markdown(const Inline& text) { return inline_text(text, Place::Text); }

std::string markdown(const Block& block, const Traits& traits) {
  return std::visit(
      Cases{
          [](const MarkerLine& line) { return line.text; },
          [](const Heading& heading) {
            return std::string(static_cast<std::size_t>(heading.level), '#') + " " + paragraph(heading.text);
          },
          [](const Paragraph& text) { return paragraph(text.text); },
          [](const SmallPrint& print) { return "<sub>" + inline_text(print.text, Place::Text) + "</sub>"; },
          [](const BulletList& items) { return list(items); }, [](const Table& rows) { return table(rows); },
          [&](const Fence& lines) { return fence(lines, traits); },
          [&](const Details& folded) { return details(folded, traits); },
          [&](const Alert& box) { return alert(box, traits); }},
      block.value);
}

std::string markdown(const Document& document, const Traits& traits) {
  std::string out;
  for (const Block& block : document) {
    if (!out.empty()) out += "\n\n";
    out += markdown(block, traits);
  }
  return out;
}

}  // namespace slipway::templates
