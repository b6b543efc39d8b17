#pragma once

#include "core/plan.h"
#include "runner/plan/noise.h"

#include <set>
#include <string>
#include <vector>

namespace slipway::runner {

/// What a plan means, as a number: two plans with one semantic digest do the same (design: "The life of a
/// Change"). Not in it: timestamps, the prior state, drift, the order and spelling of the document.

/// What the configuration gives a change besides its values; digests, empty where there is none.
struct Surroundings {
  std::string provider;  // configuration of its provider
  std::string provisioners;
};

class ChangeDigests {
 public:
  /// `key_id` names the key of the tags that stand for sensitive values.
  ChangeDigests(Noise noise, std::string key_id) : noise_(std::move(noise)), key_id_(std::move(key_id)) {}

  /// Of what the change does by itself. Its body has to be there. Empty for what changes nothing: reading
  /// data.
  std::string of(const ResourceChange& change);
  std::string of(const OutputChange& change) const;
  /// The attributes that were left out as noise.
  const std::set<std::string>& left_out() const { return left_out_; }

 private:
  Noise noise_;
  std::string key_id_;
  std::set<std::string> left_out_;
};

std::string digest_with(const std::string& change, const Surroundings& surroundings);

/// Of the digests of all changes, in their order, and of the outputs.
std::string semantic_digest(const std::vector<ResourceChange>& changes,
                            const std::vector<OutputChange>& outputs);

}  // namespace slipway::runner
