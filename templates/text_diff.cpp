#include "templates/text_diff.h"

#include <algorithm>
#include <optional>

namespace slipway::templates {
namespace {

using Same = FunctionRef<bool(std::size_t, std::size_t)>;

/// Reach of each diagonal after d edits, kept for all d to walk the way back.
class Frontier {
 public:
  explicit Frontier(std::ptrdiff_t d) : d_(d), reach_(static_cast<std::size_t>(2 * d + 1), 0) {}
  std::ptrdiff_t& operator[](std::ptrdiff_t diagonal) {
    return reach_[static_cast<std::size_t>(diagonal + d_)];
  }
  std::ptrdiff_t operator[](std::ptrdiff_t diagonal) const {
    return reach_[static_cast<std::size_t>(diagonal + d_)];
  }

 private:
  std::ptrdiff_t d_;
  std::vector<std::ptrdiff_t> reach_;
};

/// Between the parts that two sequences share at their ends.
class Middle {
 public:
  Middle(std::size_t offset, std::size_t before_size, std::size_t after_size, Same same)
      : offset_(offset),
        before_size_(static_cast<std::ptrdiff_t>(before_size)),
        after_size_(static_cast<std::ptrdiff_t>(after_size)),
        same_(same) {}

  std::vector<Edit> edits() {
    if (!search()) return whole();
    std::vector<Edit> out;
    std::ptrdiff_t x = before_size_;
    std::ptrdiff_t y = after_size_;
    for (auto d = static_cast<std::ptrdiff_t>(frontiers_.size()) - 1; d > 0; --d) {
      const std::ptrdiff_t diagonal = x - y;
      const bool down = comes_from_above(frontiers_[static_cast<std::size_t>(d - 1)], d, diagonal);
      const std::ptrdiff_t previous = down ? diagonal + 1 : diagonal - 1;
      const std::ptrdiff_t from_x = frontiers_[static_cast<std::size_t>(d - 1)][previous];
      const std::ptrdiff_t from_y = from_x - previous;
      while (x > from_x && y > from_y) out.push_back(edit(Edit::Kind::Keep, --x, --y));
      if (down) {
        out.push_back(edit(Edit::Kind::Add, x, --y));
      } else {
        out.push_back(edit(Edit::Kind::Remove, --x, y));
      }
    }
    while (x > 0 && y > 0) out.push_back(edit(Edit::Kind::Keep, --x, --y));
    std::reverse(out.begin(), out.end());
    return out;
  }

 private:
  Edit edit(Edit::Kind kind, std::ptrdiff_t x, std::ptrdiff_t y) const {
    return {kind, offset_ + static_cast<std::size_t>(x), offset_ + static_cast<std::size_t>(y)};
  }

  std::vector<Edit> whole() const {
    std::vector<Edit> out;
    for (std::ptrdiff_t x = 0; x < before_size_; ++x) out.push_back(edit(Edit::Kind::Remove, x, 0));
    for (std::ptrdiff_t y = 0; y < after_size_; ++y) out.push_back(edit(Edit::Kind::Add, before_size_, y));
    return out;
  }

  static bool comes_from_above(const Frontier& last, std::ptrdiff_t d, std::ptrdiff_t diagonal) {
    return diagonal == -d || (diagonal != d && last[diagonal - 1] < last[diagonal + 1]);
  }

  bool search() {
    const auto most = std::min(before_size_ + after_size_, static_cast<std::ptrdiff_t>(kMaxEdits));
    for (std::ptrdiff_t d = 0; d <= most; ++d) {
      Frontier& frontier = frontiers_.emplace_back(d);
      for (std::ptrdiff_t diagonal = -d; diagonal <= d; diagonal += 2) {
        std::ptrdiff_t x = 0;
        if (d > 0) {
          const Frontier& last = frontiers_[static_cast<std::size_t>(d - 1)];
          x = comes_from_above(last, d, diagonal) ? last[diagonal + 1] : last[diagonal - 1] + 1;
        }
        std::ptrdiff_t y = x - diagonal;
        while (x < before_size_ && y < after_size_ && same_(at(x), at(y))) {
          ++x;
          ++y;
        }
        frontier[diagonal] = x;
        if (x >= before_size_ && y >= after_size_) return true;
      }
    }
    return false;
  }

  std::size_t at(std::ptrdiff_t index) const { return offset_ + static_cast<std::size_t>(index); }

  std::size_t offset_;
  std::ptrdiff_t before_size_;
  std::ptrdiff_t after_size_;
  Same same_;
  std::vector<Frontier> frontiers_;
};

/// Within a run of edits, removals first.
void removals_first(std::vector<Edit>& edits) {
  for (auto begin = edits.begin(); begin != edits.end();) {
    if (begin->kind == Edit::Kind::Keep) {
      ++begin;
      continue;
    }
    const auto end =
        std::find_if(begin, edits.end(), [](const Edit& edit) { return edit.kind == Edit::Kind::Keep; });
    std::stable_partition(begin, end, [](const Edit& edit) { return edit.kind == Edit::Kind::Remove; });
    begin = end;
  }
}

}  // namespace

std::vector<Edit> shortest_edits(std::size_t before_size, std::size_t after_size, Same same) {
  std::size_t head = 0;
  const std::size_t shorter = std::min(before_size, after_size);
  while (head < shorter && same(head, head)) ++head;
  std::size_t tail = 0;
  while (tail < shorter - head && same(before_size - 1 - tail, after_size - 1 - tail)) ++tail;

  std::vector<Edit> out;
  for (std::size_t i = 0; i < head; ++i) out.push_back({Edit::Kind::Keep, i, i});
  auto middle = Middle(head, before_size - head - tail, after_size - head - tail, same).edits();
  removals_first(middle);
  out.insert(out.end(), middle.begin(), middle.end());
  for (std::size_t i = tail; i > 0; --i) out.push_back({Edit::Kind::Keep, before_size - i, after_size - i});
  return out;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (true) {
    const auto end = text.find('\n');
    lines.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return lines;
    text.remove_prefix(end + 1);
  }
}

}  // namespace slipway::templates
