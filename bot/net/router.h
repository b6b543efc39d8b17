#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace slipway::net {

/// A request as handlers see it. Header names are lower case.
struct Request {
  std::string method;
  std::string path;  // decoded, without query
  std::map<std::string, std::string, std::less<>> query;
  std::map<std::string, std::string, std::less<>> headers;
  std::map<std::string, std::string, std::less<>> parameters;  // of the route: {forge}, {rest}
  std::string body;
  std::string peer;  // address

  std::string_view header(std::string_view name) const;
};

/// A body that comes bit by bit (live logs). It is asked on the handlers' pool: again at once when it gave
/// something, after kStreamPoll when it gave "". It gives nothing at all when it has ended; what it throws
/// breaks the body off.
using Stream = std::function<std::optional<std::string>()>;

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  Stream stream;  // set: the body is chunked, `body` first

  static Response text(int status, std::string body);
  static Response json(int status, std::string body);
  static Response html(int status, std::string body);
};

/// Answers exactly once, from any thread, at once or later.
using Reply = std::function<void(Response)>;
/// Runs on the handlers' pool; a Failure that leaves it is a 503 when Later, else 500, logged with a
/// reference.
using Handler = std::function<Response(const Request&)>;
/// Runs on the rim's thread and must not block: for the webhook route alone.
using AsyncHandler = std::function<void(Request, Reply)>;

struct Route {
  std::string method;
  std::string pattern;  // /pulls/{forge}/{owner}/{repo}/{number}; {rest...} takes what remains, slashes too
  Handler handler;
  AsyncHandler async;  // one of the two
};

/// What was asked, by method and path: the route, or 404, or 405 with Allow. The path is the one that was
/// sent: each segment is decoded once, so that %2F in a parameter does not divide it. Literals count in their
/// order: the route that was added first wins. HEAD finds the route of GET. Reading it is for any thread.
class Router {
 public:
  void add(std::string method, std::string pattern, Handler handler);
  void add_async(std::string method, std::string pattern, AsyncHandler handler);

  struct Match {
    const Route* route = nullptr;
    std::map<std::string, std::string, std::less<>> parameters;
    std::vector<std::string> allowed;  // methods of the path when only the method does not fit
  };
  Match find(std::string_view method, std::string_view path) const;

 private:
  std::vector<Route> routes_;
};

}  // namespace slipway::net
