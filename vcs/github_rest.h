#pragma once

#include "core/function_ref.h"
#include "core/guarded.h"
#include "core/http_client.h"
#include "core/json_reader.h"
#include "core/random.h"
#include "core/secret.h"
#include "vcs/answer_cache.h"
#include "vcs/github_authority.h"
#include "vcs/json_fields.h"
#include "vcs/pause.h"

#include <chrono>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace slipway::vcs {

inline constexpr int kRestTries = 3;
inline constexpr std::chrono::milliseconds kFirstBackoff{
    250};  // doubled with each try, and up to as much jitter
/// Longer waits are the job queue's: a Failure says how long.
inline constexpr std::chrono::milliseconds kMaxPause{5'000};
inline constexpr int kPageSize = 100;
inline constexpr int kMaxPages = 100;
inline constexpr int kMaxRedirects = 3;

/// Whether a request may be sent again when nobody knows what became of it.
enum class Repeat { Safe, Never };

struct RestAnswer {
  int status = 0;
  Json body;          // the members that were asked for
  bool more = false;  // there is a next page
  int last_page = 1;
};

/// How GitHub's REST API is spoken to: its headers and limits, retries, ETags, pages, and what it says when
/// it refuses. Any thread. Every call throws Failure with the forge's own words, or Stopped.
class GithubRest {
 public:
  struct Config {
    std::string forge;    // its name in the config, for messages
    std::string root;     // https://api.github.com
    std::string graphql;  // https://api.github.com/graphql
    Pause pause;
  };
  /// Statuses that the caller takes as answers, besides 2xx.
  using Expected = std::initializer_list<int>;

  GithubRest(HttpClient& http, Config config, GithubAuthority& authority)
      : http_(http), config_(std::move(config)), authority_(authority) {}

  /// `path` begins with "/"; what `fields` names is kept of the answer.
  RestAnswer get(const std::string& path, Fields fields, std::stop_token stop, Expected expected = {});
  /// One page of a list; the first is 1.
  RestAnswer page(const std::string& path, int number, Fields fields, std::stop_token stop,
                  Expected expected = {});
  /// Every item of every page of a list, in the forge's order, until `item` answers false. False when the
  /// first page was answered with a status of `expected`.
  bool each(const std::string& path, Fields fields, std::stop_token stop,
            FunctionRef<bool(const JsonReader&)> item, Expected expected = {});

  struct Write {
    std::string_view method;
    std::string path;
    Json body;
    Repeat repeat = Repeat::Never;
    Fields fields{};
  };
  RestAnswer write(const Write& write, std::stop_token stop, Expected expected = {});
  /// The few things that REST can't tell.
  RestAnswer query(std::string_view graphql, Fields fields, std::stop_token stop, Expected expected = {});

  /// Reads an answer with `how(JsonReader)`; what it lacks is a Failure that names the place.
  template <class Read>
  auto read(const RestAnswer& answer, Read&& how) const {
    try {
      return how(JsonReader(answer.body));
    } catch (const JsonMismatch& mismatch) {
      not_understood(mismatch.error());
    }
  }

 private:
  struct Ask {
    std::string path;  // whom it is about: the token follows from it
    HttpRequest request;
  };
  Ask ask(std::string_view method, const std::string& url, std::string path) const;
  RestAnswer send(Ask ask, const Json& body, Repeat repeat, Fields fields, std::stop_token stop,
                  Expected expected);
  HttpResponse exchange(const Ask& ask, Repeat repeat, std::stop_token stop);
  HttpResponse follow(HttpRequest request, Repeat repeat, std::stop_token stop);
  HttpResponse persist(const HttpRequest& request, Repeat repeat, std::stop_token stop);
  std::optional<HttpResponse> attempt(const HttpRequest& request, bool may_fail, std::stop_token stop);
  std::chrono::milliseconds backoff(int tries);
  RestAnswer understood(const HttpResponse& response, Fields fields) const;
  void must_be_expected(const HttpResponse& response, Expected expected) const;
  [[noreturn]] void not_understood(const ParseError& error) const;

  HttpClient& http_;
  Config config_;
  GithubAuthority& authority_;
  SystemRandom random_;
  Guarded<AnswerCache> cache_;
};

}  // namespace slipway::vcs
