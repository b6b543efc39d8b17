#pragma once

#include <cstddef>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::vcs {

/// All that is remembered for ETags, of one forge: the least recently asked goes first.
inline constexpr std::size_t kMaxCachedBytes = 2u << 20;

/// An answer that may be asked for again with If-None-Match: a 304 costs nothing of the rate limit.
struct CachedAnswer {
  std::string etag;
  std::string body;  // the JSON that was kept of it
  bool more = false;
  int last_page = 1;
};

/// Answers by what was asked. One thread at a time.
class AnswerCache {
 public:
  explicit AnswerCache(std::size_t max_bytes = kMaxCachedBytes) : max_bytes_(max_bytes) {}

  std::optional<CachedAnswer> find(std::string_view key);
  /// Replaces what was there; an answer too large to be kept at all is forgotten.
  void put(std::string_view key, CachedAnswer answer);
  std::size_t bytes() const { return bytes_; }

 private:
  struct Entry {
    std::string key;
    CachedAnswer answer;
    std::size_t cost() const { return key.size() + answer.etag.size() + answer.body.size(); }
  };
  using Entries = std::list<Entry>;
  void drop(Entries::iterator entry);

  std::size_t max_bytes_;
  std::size_t bytes_ = 0;
  Entries entries_;  // the latest first
  std::map<std::string, Entries::iterator, std::less<>> by_key_;
};

}  // namespace slipway::vcs
