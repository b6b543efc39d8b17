#pragma once

#include "core/traits.h"
#include "templates/document.h"

namespace slipway::templates {

/// Makes a document as short as a forge's limits want it, in this order, and only as far as it must:
/// 1. unchanged context is left out,
/// 2. bodies are dropped from the largest down, what they destroy excepted; the room that is then left over
/// is given
///    back to them as head and tail, with the number of lines between and where they can be read,
/// 3. whole sections, the least bad first: their rows stay,
/// 4. rows of the table beyond the worst hundred, then half of them again and again,
/// 5. whatever else is not the heading.
/// Nothing is cut within a fence, a tag or a character, since parts of the document are left out and never
/// text.
Document fitted(Document document, const Traits& traits);

}  // namespace slipway::templates
