//! `Logo`: a picture that was looked at, pixel by pixel, and written anew.
//!
//! What a file may carry beside its pixels (scripts, places, another file at its end) stays behind, and what browsers
//! get is always a PNG, small enough for a page that must open at once. SVG is a program and is refused.

use std::fmt;
use std::io::Cursor;

use data_encoding::HEXLOWER;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, ImageFormat, ImageReader, ImageResult, Limits, RgbaImage};
use sha2::{Digest as _, Sha256};

use crate::problem::FieldError;

/// Largest file that is looked at, in bytes.
pub const LOGO_FILE_MAX: usize = 512 * 1024;
/// Largest picture that is kept, in bytes. A page comes with all that belongs to it in 30,000, and nobody in the middle of
/// a scam waits for a logo.
pub const LOGO_MAX: usize = 8 * 1024;
/// Smallest and largest side, in pixels.
const SIDE: std::ops::RangeInclusive<u32> = 16..=1024;
/// Longest side in shortest sides: a logo, and not a line.
const RATIO_MAX: u32 = 8;
/// What looking at a picture may take of memory: the largest one, four times over.
const MEMORY_MAX: u64 = 16 * 1024 * 1024;

/// A logo as it is kept and shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Logo {
    /// SHA-256 of the picture, in hex: its name.
    pub digest: String,
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// A PNG.
    pub image: Vec<u8>,
}

impl Logo {
    /// Reads a PNG, JPEG or WebP by what stands in it, whatever it is called.
    ///
    /// # Errors
    /// [`FieldError`] for `/logo`, saying what is wrong and what would be right.
    pub fn read(file: &[u8]) -> Result<Self, FieldError> {
        let refused = |detail: String| FieldError::new("/logo", detail);
        if file.len() > LOGO_FILE_MAX {
            return Err(refused(format!("must be at most {LOGO_FILE_MAX} bytes; it has {}", file.len())));
        }
        let format = image::guess_format(file)
            .ok()
            .filter(|format| matches!(format, ImageFormat::Png | ImageFormat::Jpeg | ImageFormat::WebP));
        let format = format.ok_or_else(|| refused("must be a PNG, JPEG or WebP picture".to_owned()))?;
        let mut reader = ImageReader::with_format(Cursor::new(file), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(*SIDE.end());
        limits.max_image_height = Some(*SIDE.end());
        limits.max_alloc = Some(MEMORY_MAX);
        reader.limits(limits);
        let damaged = |_| refused(format!("is damaged, or has a side of more than {} pixels", SIDE.end()));
        let picture = reader.decode().map_err(damaged)?.into_rgba8();
        let (width, height) = picture.dimensions();
        let shape_ok = width.max(height) <= width.min(height).saturating_mul(RATIO_MAX);
        if !(SIDE.contains(&width) && SIDE.contains(&height) && shape_ok) {
            let (least, most) = (SIDE.start(), SIDE.end());
            return Err(refused(format!(
                "is {width} by {height} pixels; each side must have {least} to {most}, neither more than {RATIO_MAX} \
                 times the other"
            )));
        }
        let image =
            written(picture).map_err(|error| refused(format!("cannot be written as a PNG: {error}")))?;
        if image.len() > LOGO_MAX {
            return Err(refused(format!(
                "takes {} bytes as a PNG of {width} by {height} pixels; at most {LOGO_MAX} fit on a page that must open \
                 at once. Scale it down (it is shown 36 pixels high, so 108 are plenty), and use flat colours in place \
                 of gradients and shadows",
                image.len()
            )));
        }
        Ok(Self { digest: HEXLOWER.encode(Sha256::digest(&image).as_slice()), width, height, image })
    }
}

/// As small as a PNG becomes without a pixel changed. What nowhere lets anything shine through needs no channel for it.
fn written(picture: RgbaImage) -> ImageResult<Vec<u8>> {
    let mut image = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut image, CompressionType::Best, FilterType::Adaptive);
    let is_opaque = picture.pixels().all(|pixel| pixel.0[3] == u8::MAX);
    let picture = DynamicImage::ImageRgba8(picture);
    if is_opaque {
        picture.into_rgb8().write_with_encoder(encoder)?;
    } else {
        picture.write_with_encoder(encoder)?;
    }
    Ok(image)
}

impl fmt::Debug for Logo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Logo({}, {} by {})", self.digest, self.width, self.height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
        let mut file = Vec::new();
        let picture = image::RgbImage::from_pixel(width, height, image::Rgb([12, 92, 79]));
        picture.write_to(&mut Cursor::new(&mut file), format).unwrap();
        file
    }

    #[test]
    fn pictures_are_known_by_what_stands_in_them_and_written_anew() {
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let logo = Logo::read(&picture(120, 40, format)).unwrap();
            assert_eq!((logo.width, logo.height), (120, 40), "{format:?}");
            assert!(logo.image.starts_with(b"\x89PNG\r\n\x1a\n"));
            assert_eq!(image::load_from_memory(&logo.image).unwrap().into_rgba8().dimensions(), (120, 40));
        }
    }

    #[test]
    fn what_travels_beside_the_pixels_stays_behind() {
        let plain = picture(64, 64, ImageFormat::Png);
        let mut laden = plain.clone();
        laden.extend_from_slice(b"<script>alert(1)</script>PK\x03\x04");
        let (one, two) = (Logo::read(&plain).unwrap(), Logo::read(&laden).unwrap());
        assert_eq!(one, two);
        assert!(!two.image.windows(7).any(|window| window == b"<script"));
    }

    /// A picture that no compression makes smaller.
    fn noise(side: u32, alpha: u8) -> Vec<u8> {
        let mut state: u32 = 1;
        let mut next = || {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            state.to_be_bytes()[0]
        };
        let picture = RgbaImage::from_fn(side, side, |_, _| image::Rgba([next(), next(), next(), alpha]));
        let mut file = Vec::new();
        picture.write_to(&mut Cursor::new(&mut file), ImageFormat::Png).unwrap();
        file
    }

    #[test]
    fn what_a_page_cannot_carry_is_refused_with_the_way_to_make_it_fit() {
        let fits = Logo::read(&noise(50, u8::MAX)).unwrap();
        assert!((7_500..=LOGO_MAX).contains(&fits.image.len()), "{}", fits.image.len());
        for heavy in [noise(60, 128), noise(64, u8::MAX)] {
            let refused = Logo::read(&heavy).unwrap_err();
            for said in ["at most 8192", "Scale it down", "flat colours"] {
                assert!(refused.detail.contains(said), "{refused}");
            }
        }
    }

    #[test]
    fn what_is_no_logo_is_refused() {
        let mut torn = picture(64, 64, ImageFormat::Png);
        torn.truncate(60);
        let mut other = picture(64, 64, ImageFormat::Png);
        other[0..4].copy_from_slice(b"GIF8");
        let table: [(&str, Vec<u8>, &str); 9] = [
            (
                "svg",
                b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".to_vec(),
                "PNG, JPEG or WebP",
            ),
            ("gif", b"GIF89a\x01\x00\x01\x00".to_vec(), "PNG, JPEG or WebP"),
            ("nothing", Vec::new(), "PNG, JPEG or WebP"),
            ("a lie", other, "PNG, JPEG or WebP"),
            ("torn", torn, "damaged"),
            ("tiny", picture(8, 8, ImageFormat::Png), "is 8 by 8 pixels"),
            ("wide", picture(900, 20, ImageFormat::Png), "8 times the other"),
            ("huge", picture(1025, 600, ImageFormat::Png), "1024 pixels"),
            ("heavy", vec![0; LOGO_FILE_MAX + 1], "at most 524288 bytes"),
        ];
        for (name, file, detail) in table {
            let refused = Logo::read(&file).unwrap_err();
            assert_eq!(refused.pointer, "/logo");
            assert!(refused.detail.contains(detail), "{name}: {refused}");
        }
    }
}
