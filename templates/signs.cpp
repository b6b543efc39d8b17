#include "templates/signs.h"

#include "templates/characters.h"

namespace slipway::templates {

std::string_view sign_text(Sign sign, bool diff_colours) {
  switch (sign) {
    case Sign::None:
      return " ";
    case Sign::Add:
      return "+";
    case Sign::Remove:
      return "-";
    case Sign::Change:
      return diff_colours ? "!" : "~";
    case Sign::DestroyFirst:
      return "-+";
    case Sign::CreateFirst:
      return "+-";
    case Sign::Read:
      return "<=";
    case Sign::Move:
      return "→";
    case Sign::Import:
      return "⤓";
    case Sign::Forget:
      return "✂";
  }
  return " ";
}

std::string line_text(const Line& line, bool signs, bool diff_colours) {
  std::string out;
  const bool title = line.sign == Sign::None && line.text.starts_with("# ");
  if (signs && !title) {
    out += sign_text(line.sign, diff_colours);
    out += ' ';
  }
  out += visible(line.text, Tabs::Kept);
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

}  // namespace slipway::templates
