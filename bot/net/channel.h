#pragma once

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <poll.h>

#include <chrono>
#include <cstddef>
#include <memory>
#include <tuple>
#include <utility>

/// For the server's and the client's file alone: whoever includes this pays eight seconds to compile.
namespace slipway::net {

namespace asio = boost::asio;
using boost::system::error_code;
using Steady = std::chrono::steady_clock;

// Each side runs on one io_context, so its own executor spares the type-erased one.
using Executor = asio::io_context::executor_type;
template <class T>
using Task = asio::awaitable<T, Executor>;
using Tcp = asio::ip::tcp;
using Socket = asio::basic_stream_socket<Tcp, Executor>;
using TlsStream = asio::ssl::stream<Socket&>;
using Timer = asio::basic_waitable_timer<Steady, asio::wait_traits<Steady>, Executor>;
/// Gives the error as a value: { error_code, … }.
inline constexpr asio::as_tuple_t<asio::use_awaitable_t<Executor>> kAwait{};

/// A connection, plain or under TLS. One thread at a time.
class Channel {
 public:
  using Transferred = std::tuple<error_code, std::size_t>;

  explicit Channel(Socket its_socket) : socket(std::move(its_socket)) {}
  void secure(asio::ssl::context& context) { tls = std::make_unique<TlsStream>(socket, context); }

  Task<Transferred> read_some(asio::mutable_buffer into) {
    return tls ? tls->async_read_some(into, kAwait) : socket.async_read_some(into, kAwait);
  }
  Task<Transferred> write_some(asio::const_buffer from) {
    return tls ? tls->async_write_some(from, kAwait) : socket.async_write_some(from, kAwait);
  }
  /// What waits ends with an error.
  void cancel() {
    error_code ignored;
    socket.cancel(ignored);
  }
  void close() {
    error_code ignored;
    socket.close(ignored);
  }
  /// The other side has closed its half.
  bool is_left() { return polls(POLLRDHUP); }
  /// It has, or something came that nobody has read.
  bool has_news() { return polls(POLLRDHUP | POLLIN); }

  Socket socket;
  std::unique_ptr<TlsStream> tls;

 private:
  bool polls(short events) {
    pollfd descriptor{.fd = socket.native_handle(), .events = events, .revents = 0};
    return ::poll(&descriptor, 1, 0) != 0;
  }
};

}  // namespace slipway::net
