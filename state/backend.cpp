#include "core/crypto.h"
#include "core/json_reader.h"
#include "state/state.h"

#include <fmt/format.h>

namespace slipway::state {
namespace {

using Effect = BackendAnswer::Effect;

constexpr int kBadRequest = 400;
constexpr int kForbidden = 403;
constexpr int kNotFound = 404;
constexpr int kConflict = 409;
constexpr int kTooLarge = 413;
constexpr int kLocked = 423;

/// Terraform's is about 300 bytes.
constexpr std::size_t kMaxLockInfo = 64u << 10;

BackendAnswer accepted(Effect effect) {
  BackendAnswer out;
  out.effect = effect;
  return out;
}

BackendAnswer refused(int status, std::string reason) {
  BackendAnswer out;
  out.status = status;
  out.body = std::move(reason);
  return out;
}

/// Terraform names the holder that a 423 or a 409 has in its body.
BackendAnswer locked(const BackendHeld& held, int status = kLocked) {
  return refused(status, held.lock_info);
}

Result<std::string> lock_id(const std::string& body) {
  return read_json(body, [](const JsonReader& in) {
    if (in["ID"].string().empty()) in["ID"].mismatch("the lock's id");
    return in["ID"].string();
  });
}

BackendAnswer get(const BackendHeld& held) {
  if (!held.serial) return refused(kNotFound, "There is no state here yet.");
  return accepted(Effect::SendState);
}

/// Nothing when the request may write as far as locks are concerned.
std::optional<BackendAnswer> stopped_by_lock(const BackendHeld& held, const BackendRequest& request) {
  if (held.lock_id == request.lock_id) return {};
  if (!held.lock_id.empty()) return locked(held);
  // Somebody broke the writer's lock, and others may have written since.
  return refused(kConflict, fmt::format("The lock {} is not held any more.", request.lock_id));
}

/// Terraform checks lineage and serial of what it pushes only against what it has read itself: a writer that
/// comes back from the dead would win. Here it doesn't.
std::optional<BackendAnswer> stopped_by_history(const BackendHeld& held, const StateSerial& serial,
                                                const std::string& digest) {
  if (!held.serial) return {};
  // A first apply that failed to write leaves an errored.tfstate without a lineage: it counts as no state.
  const StateSerial& now = *held.serial;
  if (!now.lineage.empty() && now.lineage != serial.lineage) {
    return refused(kConflict,
                   fmt::format("This is another state: its lineage is \"{}\", and the one kept here has "
                               "\"{}\".",
                               serial.lineage, now.lineage));
  }
  if (serial.serial < now.serial) {
    return refused(kConflict,
                   fmt::format("This state is older, with serial {}, than the one kept here, with {}.",
                               serial.serial, now.serial));
  }
  if (serial.serial == now.serial && digest != held.digest) {
    return refused(kConflict, fmt::format("Serial {} is kept here with other content.", serial.serial));
  }
  return {};
}

BackendAnswer post(const BackendHeld& held, const BackendRequest& request) {
  if (!request.content_md5.empty() && request.content_md5 != md5_base64(request.body)) {
    return refused(kBadRequest,
                   "The body is not what its Content-MD5 says: it was cut or changed on the way.");
  }
  const auto serial = read_serial(request.body);
  if (!serial)
    return refused(kBadRequest, fmt::format("This is no Terraform state. {}", serial.error().text()));
  if (auto stopped = stopped_by_lock(held, request)) return *std::move(stopped);
  std::string digest = sha256_hex(request.body);
  if (auto stopped = stopped_by_history(held, *serial, digest)) return *std::move(stopped);
  // A repeated request, whose first answer was lost.
  if (held.serial && digest == held.digest) return {};
  BackendAnswer out = accepted(Effect::StoreState);
  out.serial = *serial;
  out.digest = std::move(digest);
  return out;
}

BackendAnswer remove(const BackendHeld& held, const BackendRequest& request) {
  if (auto stopped = stopped_by_lock(held, request)) return *std::move(stopped);
  return accepted(held.serial ? Effect::RemoveState : Effect::None);
}

BackendAnswer lock(const BackendHeld& held, const BackendRequest& request) {
  if (request.body.size() > kMaxLockInfo) {
    return refused(kTooLarge, fmt::format("A lock's description has at most {} bytes.", kMaxLockInfo));
  }
  const auto id = lock_id(request.body);
  if (!id)
    return refused(kBadRequest, fmt::format("This is no description of a lock. {}", id.error().text()));
  if (held.lock_id == *id) return {};  // repeated
  if (!held.lock_id.empty()) return locked(held);
  BackendAnswer out = accepted(Effect::TakeLock);
  out.lock_id = *id;
  return out;
}

/// The force-unlock of older versions sends no body: a person has named the lock, but the request doesn't.
BackendAnswer unlock(const BackendHeld& held, const BackendRequest& request) {
  if (held.lock_id.empty()) return {};
  if (!request.body.empty()) {
    const auto id = lock_id(request.body);
    if (!id)
      return refused(kBadRequest, fmt::format("This is no description of a lock. {}", id.error().text()));
    if (*id != held.lock_id) return locked(held, kConflict);
  }
  return accepted(Effect::DropLock);
}

}  // namespace

BackendAnswer answer(const BackendHeld& held, const BackendRequest& request) {
  using Verb = BackendRequest::Verb;
  if (request.verb != Verb::Get && !request.may_write) {
    return refused(kForbidden, "These credentials are a plan's: they may read this state and nothing else.");
  }
  switch (request.verb) {
    case Verb::Get:
      return get(held);
    case Verb::Post:
      return post(held, request);
    case Verb::Delete:
      return remove(held, request);
    case Verb::Lock:
      return lock(held, request);
    case Verb::Unlock:
      return unlock(held, request);
  }
  return refused(kBadRequest, "");
}

}  // namespace slipway::state
