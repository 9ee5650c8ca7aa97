//! Where every field of the rendered objects comes from, in four forms.

mod answer;
mod html;
mod layer;
mod lines;
mod lookup;
mod markdown;
mod model;
mod since;
mod story;
mod text;

pub(crate) use answer::{Form, Question};
pub(crate) use layer::Layer;
pub(crate) use lookup::RenderedLine;
pub(crate) use model::Explanation;
