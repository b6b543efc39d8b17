#include "templates/terminal.h"

#include "templates/characters.h"
#include "templates/signs.h"
#include "templates/text_diff.h"
#include "templates/visit.h"

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway::templates {
namespace {

constexpr std::string_view kReset = "\x1b[0m";
constexpr std::string_view kBold = "\x1b[1m";
constexpr std::string_view kDim = "\x1b[2m";
constexpr std::string_view kRed = "\x1b[31m";
constexpr std::string_view kGreen = "\x1b[32m";
constexpr std::string_view kYellow = "\x1b[33m";
constexpr std::string_view kCyan = "\x1b[36m";
constexpr std::size_t kLeastLastColumn = 20;

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t i = 0; i < times; ++i) out += text;
  return out;
}

/// A word with the colour it is written in; colours take no columns.
struct Piece {
  std::string text;
  std::string_view colour;
};

std::pair<std::string_view, std::string_view> alert_look(Alert::Kind kind) {
  switch (kind) {
    case Alert::Kind::Note:
      return {"Note", kCyan};
    case Alert::Kind::Warning:
      return {"Warning", kYellow};
    case Alert::Kind::Caution:
      return {"Caution", kRed};
  }
  return {"Note", kCyan};
}

class Terminal {
 public:
  explicit Terminal(const TerminalStyle& style) : style_(style) {}

  std::string write(const Document& document) {
    std::string out;
    for (const Block& block : document) {
      const std::string text = block_text(block);
      if (text.empty()) continue;
      if (!out.empty()) out += "\n";
      out += text;
    }
    return out;
  }

 private:
  std::string painted(std::string_view text, std::string_view colour) const {
    if (!style_.colours || colour.empty() || text.empty()) return std::string(text);
    return std::string(colour) + std::string(text) + std::string(kReset);
  }

  void pieces(const Inline& text, std::string_view colour, std::vector<Piece>& out) const {
    for (const Span& span : text) {
      std::visit(Cases{[&](const Words& part) { out.push_back({visible(part.text), colour}); },
                       [&](const Said& part) { out.push_back({visible(part.text), colour}); },
                       [&](const Code& part) {
                         out.push_back({visible(part.text), colour.empty() ? kCyan : colour});
                       },
                       [&](const Bold& part) { pieces(part.inner, kBold, out); },
                       [&](const Link& part) {
                         pieces(part.inner, colour, out);
                         if (urls_) out.push_back({" <" + visible(part.url) + ">", kDim});
                       },
                       [&](const Mention& part) { out.push_back({"@" + visible(part.login), kBold}); }},
                 span.value);
    }
  }

  std::vector<Piece> pieces(const Inline& text, std::string_view colour = {}) const {
    std::vector<Piece> out;
    pieces(text, colour, out);
    return out;
  }

  /// Lines of at most `width` columns, parted at spaces; one word may be longer.
  std::vector<std::string> wrapped(const std::vector<Piece>& text, std::size_t width) const {
    std::vector<std::string> lines(1);
    std::size_t used = 0;
    bool space = false;  // one is due before the next word
    for (const Piece& piece : text) {
      std::string_view rest = piece.text;
      while (!rest.empty()) {
        if (rest.front() == ' ') {
          space = used > 0;
          rest.remove_prefix(1);
          continue;
        }
        const std::string_view word = rest.substr(0, rest.find(' '));
        const std::size_t wide = columns(word);
        if (space && used + 1 + wide > width) {
          lines.emplace_back();
          used = 0;
        } else if (space) {
          lines.back() += ' ';
          ++used;
        }
        space = false;
        lines.back() += painted(word, piece.colour);
        used += wide;
        rest.remove_prefix(word.size());
      }
    }
    return lines;
  }

  std::string paragraph(const Inline& text, std::string_view first, std::string_view next,
                        std::string_view colour = {}) const {
    std::string out;
    const std::size_t margin = columns(next);
    const std::size_t width = style_.width > margin ? style_.width - margin : 1;
    for (const std::string& line : wrapped(pieces(text, colour), width)) {
      out += out.empty() ? first : next;
      out += line + "\n";
    }
    return out;
  }

  std::string list(const BulletList& block) const {
    std::string out;
    for (const Inline& item : block.items) out += paragraph(item, "• ", "  ");
    return out;
  }

  static std::size_t width_of(const Inline& text) { return columns(cell_text(text)); }
  static std::string cell_text(const Inline& text) {
    std::string out = plain_text(text);
    std::erase(out, '`');
    return out;
  }

  /// Columns as wide as what is in them; the last takes what is left and is wrapped in it.
  std::string table(const Table& block) {
    urls_ = false;  // they would push the columns apart
    if (block.header.empty()) return {};
    const std::size_t last = block.header.size() - 1;
    std::vector<std::size_t> widths;
    for (const Inline& cell : block.header) widths.push_back(width_of(cell));
    for (const auto& row : block.rows)
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width_of(row[i]));
    std::size_t margin = 0;
    for (std::size_t i = 0; i < last; ++i) margin += widths[i] + 2;
    const std::size_t room =
        style_.width > margin + kLeastLastColumn ? style_.width - margin : kLeastLastColumn;

    std::string out;
    const auto add_row = [&](const std::vector<Inline>& row, std::string_view colour) {
      std::string line;
      for (std::size_t i = 0; i < last; ++i) {
        for (const Piece& piece : pieces(row[i], colour)) line += painted(piece.text, piece.colour);
        line += std::string(widths[i] - width_of(row[i]) + 2, ' ');
      }
      const auto lines = wrapped(pieces(row[last], colour), room);
      for (std::size_t i = 0; i < lines.size(); ++i) {
        out += i == 0 ? line : std::string(margin, ' ');
        out += lines[i] + "\n";
      }
    };
    add_row(block.header, kDim);
    for (const auto& row : block.rows) add_row(row, {});
    urls_ = true;
    return out;
  }

  static std::string_view colour_of(const Line& line) {
    switch (line.sign) {
      case Sign::Add:
      case Sign::CreateFirst:
        return kGreen;
      case Sign::Remove:
      case Sign::DestroyFirst:
      case Sign::Forget:
        return kRed;
      case Sign::Change:
      case Sign::Move:
      case Sign::Import:
        return kYellow;
      case Sign::Read:
        return kCyan;
      case Sign::None:
        break;
    }
    const auto first = line.text.find_first_not_of(' ');
    return first != std::string::npos && line.text[first] == '#' ? kDim : std::string_view();
  }

  std::string fence(const Fence& block) const {
    std::string out;
    for (const Line& line : block.lines)
      out += "  " +
             painted(line_text(line, block.diff, false), block.diff ? colour_of(line) : std::string_view()) +
             "\n";
    return out;
  }

  std::string details(const Details& block) const {
    return paragraph({Span{Bold{block.summary}}}, "── ", "   ") + "\n" + Terminal(style_).write(block.body);
  }

  std::string alert(const Alert& block) const {
    const auto [word, colour] = alert_look(block.kind);
    const std::string bar = painted("┃", colour) + " ";
    TerminalStyle inner = style_;
    inner.width = style_.width > 2 ? style_.width - 2 : 1;
    const std::string body = Terminal(inner).write(block.body);
    std::string out = bar + painted(word, colour) + "\n";
    for (const std::string_view line : lines_of(body))
      if (!line.empty()) out += bar + std::string(line) + "\n";
    return out;
  }

  std::string block_text(const Block& block) {
    return std::visit(Cases{[](const MarkerLine&) { return std::string(); },
                            [&](const Heading& heading) {
                              const std::string text = paragraph(heading.text, "", "", kBold);
                              const std::size_t rule = std::min(width_of(heading.text), style_.width);
                              return text + painted(repeated("═", rule), kDim) + "\n";
                            },
                            [&](const Paragraph& text) { return paragraph(text.text, "", ""); },
                            [&](const SmallPrint& print) { return paragraph(print.text, "", "", kDim); },
                            [&](const BulletList& items) { return list(items); },
                            [&](const Table& rows) { return table(rows); },
                            [&](const Fence& lines) { return fence(lines); },
                            [&](const Details& section) { return details(section); },
                            [&](const Alert& box) { return alert(box); }},
                      block.value);
  }

  TerminalStyle style_;
  bool urls_ = true;
};

}  // namespace

std::string terminal(const Document& document, const TerminalStyle& style) {
  return Terminal(style).write(document);
}

}  // namespace slipway::templates
