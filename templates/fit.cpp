#include "templates/fit.h"

#include "templates/characters.h"
#include "templates/limits.h"
#include "templates/markdown.h"
#include "templates/signs.h"

#include <algorithm>
#include <array>
#include <utility>

namespace slipway::templates {
namespace {

constexpr std::size_t kSeparator = 2;  // the empty line between blocks
constexpr std::size_t kNoteOfCut =
    200;  // "… 812 lines in the [full plan](…) …" and one more fence, beside the link
constexpr std::size_t kLeastShare = 400;  // less room says nothing
constexpr std::size_t kMaxEssentialLines = kMaxDestroysNamed;

struct Size {
  std::size_t code_points = 0;
  std::size_t bytes = 0;
  Size& operator+=(const Size& more) {
    code_points += more.code_points;
    bytes += more.bytes;
    return *this;
  }
};

Size size_of(std::string_view text) { return {code_points(text), text.size()}; }

/// A body that may have to go: the fence, and all its lines while it does not show them.
struct Body {
  std::size_t block = 0;  // of the document
  Fence* fence = nullptr;
  std::vector<Line> lines;
  std::size_t size = 0;
};

void find_bodies(Blocks& blocks, std::size_t top, std::vector<Body>& out) {
  for (Block& block : blocks) {
    if (auto* fence = std::get_if<Fence>(&block.value)) out.push_back({top, fence, {}, 0});
    if (auto* details = std::get_if<Details>(&block.value)) find_bodies(details->body, top, out);
    if (auto* alert = std::get_if<Alert>(&block.value)) find_bodies(alert->body, top, out);
  }
}

class Fitter {
 public:
  Fitter(Document document, const Traits& traits) : document_(std::move(document)), traits_(traits) {
    measure_all();
  }

  Document fit() {
    if (fits()) return std::move(document_);
    leave_out_context();
    if (fits()) return std::move(document_);
    const std::vector<Body> dropped = drop_bodies();
    if (fits()) {
      give_back(dropped);
      return std::move(document_);
    }
    leave_out_sections();
    if (!fits()) leave_out_rows();
    if (!fits()) leave_out_the_rest();
    return std::move(document_);
  }

 private:
  void measure_all() {
    sizes_.clear();
    for (const Block& block : document_) sizes_.push_back(size_of(markdown(block, traits_)));
  }
  void measure(std::size_t block) { sizes_[block] = size_of(markdown(document_[block], traits_)); }

  Size total() const {
    Size sum;
    for (const Size& size : sizes_) sum += size;
    const std::size_t separators = sizes_.empty() ? 0 : kSeparator * (sizes_.size() - 1);
    sum += {separators, separators};
    return sum;
  }
  bool fits() const {
    const Size sum = total();
    return sum.code_points <= traits_.max_comment_code_points && sum.bytes <= traits_.max_comment_bytes;
  }

  std::vector<Body> bodies() {
    std::vector<Body> out;
    for (std::size_t i = 0; i < document_.size(); ++i) {
      Blocks* inner = nullptr;
      if (auto* details = std::get_if<Details>(&document_[i].value)) inner = &details->body;
      if (auto* alert = std::get_if<Alert>(&document_[i].value)) inner = &alert->body;
      if (auto* fence = std::get_if<Fence>(&document_[i].value)) out.push_back({i, fence, {}, 0});
      if (inner != nullptr) find_bodies(*inner, i, out);
    }
    for (Body& body : out)
      for (const Line& line : body.fence->lines) body.size += line.text.size();
    return out;
  }

  void leave_out_context() {
    for (const Body& body : bodies())
      std::erase_if(body.fence->lines, [](const Line& line) { return line.context; });
    measure_all();
  }

  std::vector<Body> drop_bodies() {
    std::vector<Body> all = bodies();
    std::stable_sort(all.begin(), all.end(), [](const Body& a, const Body& b) { return a.size > b.size; });
    std::size_t next = 0;
    for (; next < all.size() && !fits(); ++next) {
      Body& body = all[next];
      body.lines = std::exchange(body.fence->lines, {});
      for (const Line& line : body.lines)
        if (line.essential && body.fence->lines.size() < kMaxEssentialLines)
          body.fence->lines.push_back(line);
      body.fence->left_out = body.lines.size() - body.fence->lines.size();
      body.fence->left_out_at = body.fence->lines.size();
      measure(body.block);
    }
    all.resize(next);
    return all;
  }

  /// As many lines from both ends as the room allows, two thirds of them from the beginning.
  void show_ends(const Body& body, Size room) const {
    std::size_t head = 0;
    std::size_t tail = 0;
    Size used;
    const auto take = [&](const Line& line) {
      Size size = size_of(line_text(line, body.fence->diff, traits_.diff_colours));
      size += {1, 1};
      if (used.code_points + size.code_points > room.code_points || used.bytes + size.bytes > room.bytes)
        return false;
      used += size;
      return true;
    };
    while (head + tail < body.lines.size()) {
      const bool from_tail = tail * 2 < head;
      if (!take(from_tail ? body.lines[body.lines.size() - 1 - tail] : body.lines[head])) break;
      ++(from_tail ? tail : head);
    }
    if (head < body.fence->lines.size()) return;  // not even what it destroys
    auto& lines = body.fence->lines;
    lines.assign(body.lines.begin(), body.lines.begin() + static_cast<std::ptrdiff_t>(head));
    lines.insert(lines.end(), body.lines.end() - static_cast<std::ptrdiff_t>(tail), body.lines.end());
    body.fence->left_out = body.lines.size() - head - tail;
    body.fence->left_out_at = head;
  }

  /// Room that is left over, in equal shares.
  void give_back(const std::vector<Body>& dropped) {
    if (dropped.empty()) return;
    const Size sum = total();
    const Size spare{(traits_.max_comment_code_points - sum.code_points) / dropped.size(),
                     (traits_.max_comment_bytes - sum.bytes) / dropped.size()};
    for (const Body& body : dropped) {
      const std::size_t overhead = kNoteOfCut + body.fence->full_url.size();
      if (spare.code_points < kLeastShare + overhead || spare.bytes < kLeastShare + overhead) continue;
      const Fence before = *body.fence;
      show_ends(body, {spare.code_points - overhead, spare.bytes - overhead});
      measure(body.block);
      if (fits()) continue;
      *body.fence = before;
      measure(body.block);
    }
  }

  void remove(std::size_t block) {
    document_.erase(document_.begin() + static_cast<std::ptrdiff_t>(block));
    sizes_.erase(sizes_.begin() + static_cast<std::ptrdiff_t>(block));
  }

  template <class Which>
  void remove_last_first(Which&& which) {
    for (std::size_t i = document_.size(); i > 0 && !fits(); --i)
      if (which(document_[i - 1])) remove(i - 1);
  }

  void leave_out_sections() {
    const auto is_section = [](const Block& block) { return std::holds_alternative<Details>(block.value); };
    const auto sections = [&] {
      return static_cast<std::size_t>(std::count_if(document_.begin(), document_.end(), is_section));
    };
    const auto table = std::find_if(document_.begin(), document_.end(), [](const Block& block) {
      return std::holds_alternative<Table>(block.value);
    });
    const auto at = static_cast<std::size_t>(table - document_.begin());
    const std::size_t all = sections();
    const auto tell = [&](std::size_t left_out) {
      if (at >= document_.size()) return;
      std::get<Table>(document_[at].value).sections_left_out = left_out;
      measure(at);
    };
    tell(all);  // room for the longest that can be said
    remove_last_first(is_section);
    tell(all - sections());
  }

  void leave_out_rows() {
    for (std::size_t i = 0; i < document_.size(); ++i) {
      auto* table = std::get_if<Table>(&document_[i].value);
      if (table == nullptr) continue;
      for (std::size_t keep = kMaxRows; !fits(); keep /= 2) {
        if (table->rows.size() > keep) {
          table->left_out += table->rows.size() - keep;
          table->rows.resize(keep);
          measure(i);
        }
        if (keep == 0) break;
      }
    }
  }

  void leave_out_the_rest() {
    const auto alert = [](const Block& block, Alert::Kind kind) {
      const auto* found = std::get_if<Alert>(&block.value);
      return found != nullptr && found->kind == kind;
    };
    remove_last_first([&](const Block& block) { return alert(block, Alert::Kind::Note); });
    remove_last_first([](const Block& block) {
      return std::holds_alternative<BulletList>(block.value) || std::holds_alternative<Fence>(block.value);
    });
    remove_last_first([](const Block& block) { return std::holds_alternative<Table>(block.value); });
    remove_last_first([&](const Block& block) { return alert(block, Alert::Kind::Warning); });
    remove_last_first([&](const Block& block) { return alert(block, Alert::Kind::Caution); });
    remove_last_first([](const Block& block) { return std::holds_alternative<SmallPrint>(block.value); });
    remove_last_first([](const Block& block) { return std::holds_alternative<Paragraph>(block.value); });
  }

  Document document_;
  const Traits& traits_;
  std::vector<Size> sizes_;
};

}  // namespace

Document fitted(Document document, const Traits& traits) { return Fitter(std::move(document), traits).fit(); }

}  // namespace slipway::templates
