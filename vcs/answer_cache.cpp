#include "vcs/answer_cache.h"

#include <iterator>

namespace slipway::vcs {

std::optional<CachedAnswer> AnswerCache::find(std::string_view key) {
  const auto found = by_key_.find(key);
  if (found == by_key_.end()) return {};
  entries_.splice(entries_.begin(), entries_, found->second);
  return found->second->answer;
}

void AnswerCache::put(std::string_view key, CachedAnswer answer) {
  if (const auto found = by_key_.find(key); found != by_key_.end()) drop(found->second);
  Entry entry{std::string(key), std::move(answer)};
  if (entry.cost() > max_bytes_) return;
  bytes_ += entry.cost();
  entries_.push_front(std::move(entry));
  by_key_.emplace(std::string(key), entries_.begin());
  while (bytes_ > max_bytes_) drop(std::prev(entries_.end()));
}

void AnswerCache::drop(Entries::iterator entry) {
  bytes_ -= entry->cost();
  by_key_.erase(entry->key);
  entries_.erase(entry);
}

}  // namespace slipway::vcs
