#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace slipway::templates {

/// What a message says, before anybody decides how it looks. Builders put meaning here and never markup; the
/// printers (markdown.h, html.h, terminal.h) own every escape, so nothing that comes from outside can become
/// markup, a link, a mention or a marker of ours.

struct Span;
using Inline = std::vector<Span>;

/// Our own words.
struct Words {
  std::string text;
};
/// Somebody else's sentence: a policy's message, a diagnostic. Words that a forge could take for more
/// (addresses, links, references, mentions) are printed as code.
struct Said {
  std::string text;
};
/// A name, an address, a command: shown as code.
struct Code {
  std::string text;
};
struct Bold {
  Inline inner;
};
/// `url` is ours (a page, a comment); anything but http and https is printed without a link.
struct Link {
  Inline inner;
  std::string url;
};
/// Notifies a person or a team. Made from ResultNotice::mentions, and from nothing else.
struct Mention {
  std::string login;
};
struct Span {
  std::variant<Words, Said, Code, Bold, Link, Mention> value;
};

struct Block;
using Blocks = std::vector<Block>;

struct Heading {
  int level = 3;
  Inline text;
};
struct Paragraph {
  Inline text;
};
/// Links and facts below the message, in small print.
struct SmallPrint {
  Inline text;
};
struct BulletList {
  std::vector<Inline> items;
};

/// A row's place in the table says how bad it is: the worst comes first, and the last are left out first.
struct Table {
  std::vector<Inline> header;
  std::vector<std::vector<Inline>> rows;
  std::size_t left_out = 0;           // rows that had no room
  std::size_t sections_left_out = 0;  // sections below, of which only the row is here
};

/// What a line of a change says, drawn in column 0.
enum class Sign { None, Add, Remove, Change, DestroyFirst, CreateFirst, Read, Move, Import, Forget };

struct Line {
  Sign sign = Sign::None;
  std::string text;
  bool context = false;    // unchanged, shown for orientation: the first to go when there is no room
  bool essential = false;  // names what is destroyed: the last to go
};

/// Preformatted lines.
struct Fence {
  bool diff = false;  // signs count
  std::vector<Line> lines;
  std::string full_url;         // where all of it can be read when it has to be cut; empty: nowhere
  std::size_t left_out = 0;     // lines that had no room (fit.h)
  std::size_t left_out_at = 0;  // and before which line they would stand
};

struct Details {
  Inline summary;
  bool open = false;
  Blocks body;
};

struct Alert {
  enum class Kind { Note, Warning, Caution } kind = Kind::Note;
  Blocks body;
};

/// The first line of a comment of ours (render.h): written as it is, for machines.
struct MarkerLine {
  std::string text;
};

struct Block {
  std::variant<MarkerLine, Heading, Paragraph, SmallPrint, BulletList, Table, Fence, Details, Alert> value;
};

using Document = Blocks;

/// Building inline text.
Inline words(std::string text);
Inline said(std::string text);
Inline code(std::string text);
Inline bold(Inline inner);
Inline link(Inline inner, std::string url);
Inline& operator+=(Inline& text, Inline more);
Inline operator+(Inline text, Inline more);

/// Text of ours that may hold `code` in backticks; the rest is treated as said by somebody, since what a
/// caller composed may carry others' words.
Inline with_code(std::string_view text);
/// The same as part of a sentence of ours: of bounded length, and without a full stop of its own.
Inline clause(std::string_view text);
/// Paragraphs (parted by an empty line) and lists ("- " lines) of such text.
Blocks with_code_blocks(std::string_view text);

/// "a, b and c"; of more than `most` the first, and "n more".
Inline listed(std::vector<Inline> items, std::size_t most);

/// As a person would type it: code in backticks, no other markup.
std::string plain_text(const Inline& text);

}  // namespace slipway::templates
