//! Variables: a chain of frames, each with few names.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::ast::{Lambda, Symbol};
use super::item::{Item, dismantle};

/// The variables of a block, of a function call or of a tuple.
#[derive(Debug)]
pub(super) struct Frame {
    parent: Option<Rc<Frame>>,
    /// The function that was called, whose parameters are named here.
    lambda: Option<Arc<Lambda>>,
    /// Its arguments.
    arguments: RefCell<Vec<Item>>,
    locals: RefCell<Vec<(Symbol, Item)>>,
    /// A function bound here may hold the frame that holds it: somebody must break the ring.
    pub(super) listed: Cell<bool>,
}

impl Frame {
    fn new(
        parent: Option<Rc<Frame>>,
        lambda: Option<Arc<Lambda>>,
        arguments: Vec<Item>,
        locals: Vec<(Symbol, Item)>,
    ) -> Rc<Self> {
        Rc::new(Frame {
            parent,
            lambda,
            arguments: RefCell::new(arguments),
            locals: RefCell::new(locals),
            listed: Cell::new(false),
        })
    }

    pub(super) fn root() -> Rc<Self> {
        Frame::new(None, None, Vec::new(), Vec::new())
    }

    /// A frame for a block.
    pub(super) fn inner(parent: &Rc<Frame>) -> Rc<Self> {
        Frame::new(Some(parent.clone()), None, Vec::new(), Vec::new())
    }

    /// A frame that binds the variables of a tuple.
    pub(super) fn with(parent: &Rc<Frame>, bindings: Vec<(Symbol, Item)>) -> Rc<Self> {
        Frame::new(Some(parent.clone()), None, Vec::new(), bindings)
    }

    /// A frame for a call.
    pub(super) fn call(parent: &Rc<Frame>, lambda: &Arc<Lambda>, arguments: Vec<Item>) -> Rc<Self> {
        Frame::new(Some(parent.clone()), Some(lambda.clone()), arguments, Vec::new())
    }

    pub(super) fn bind(&self, symbol: Symbol, item: Item) {
        let mut locals = self.locals.borrow_mut();
        match locals.iter_mut().find(|(known, _)| *known == symbol) {
            Some((_, place)) => *place = item,
            None => locals.push((symbol, item)),
        }
    }

    /// The variable's value, which may be nothing; `None` where no frame binds it.
    pub(super) fn lookup(&self, symbol: Symbol) -> Option<Item> {
        let mut frame = self;
        loop {
            if let Some((_, item)) = frame.locals.borrow().iter().find(|(known, _)| *known == symbol) {
                return Some(item.clone());
            }
            if let Some(lambda) = &frame.lambda
                // Of two parameters with one name the last one counts.
                && let Some(index) = lambda.parameters.iter().rposition(|parameter| *parameter == symbol)
            {
                return Some(frame.arguments.borrow().get(index).cloned().unwrap_or_default());
            }
            frame = frame.parent.as_deref()?;
        }
    }

    /// Lets go of everything bound here.
    pub(super) fn clear(&self) {
        let mut items: Vec<Item> = self.locals.take().into_iter().map(|(_, item)| item).collect();
        items.append(&mut self.arguments.borrow_mut());
        dismantle(items, Vec::new());
    }

    pub(super) fn take_parts(mut self, items: &mut Vec<Item>, frames: &mut Vec<Rc<Frame>>) {
        items.append(self.arguments.get_mut());
        items.extend(self.locals.take().into_iter().map(|(_, item)| item));
        frames.extend(self.parent.take());
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        let simple = |item: &Item| matches!(item, Item::Undefined | Item::Json(_) | Item::NonFinite(_));
        let lone_parent = self.parent.as_ref().is_some_and(|parent| Rc::strong_count(parent) == 1);
        let plain =
            self.arguments.get_mut().iter().all(simple) && self.locals.get_mut().iter().all(|(_, item)| simple(item));
        if lone_parent || !plain {
            let mut items = std::mem::take(self.arguments.get_mut());
            items.extend(self.locals.take().into_iter().map(|(_, item)| item));
            dismantle(items, self.parent.take().into_iter().collect());
        }
    }
}
